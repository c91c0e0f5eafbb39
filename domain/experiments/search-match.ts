import type { Clause, Order } from "./search-types";

/** One thing that is searched, with what its clauses may name. Absent keys never match, also for `!=`. */
export type Searchable = {
  readonly attributes: Readonly<Record<string, string | number | null>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets?: readonly Readonly<Record<string, string | null>>[];
};

/** True where every clause holds. */
export function matches(subject: Searchable, clauses: readonly Clause[]): boolean {
  return clauses.every((clause) => {
    if (clause.entity === "dataset")
      return (subject.datasets ?? []).some((dataset) => holds(dataset[clause.key] ?? null, clause));
    return holds(valueAt(subject, clause), clause);
  });
}

function valueAt(subject: Searchable, { entity, key }: Pick<Clause, "entity" | "key">): string | number | null {
  const source = {
    attribute: subject.attributes,
    metric: subject.metrics,
    param: subject.params,
    tag: subject.tags,
    dataset: undefined,
  }[entity];
  return source && Object.hasOwn(source, key) ? (source[key] ?? null) : null;
}

function holds(value: string | number | null, { comparator, value: wanted }: Clause): boolean {
  if (comparator === "IS NULL") return value === null;
  if (comparator === "IS NOT NULL") return value !== null;
  if (value === null || wanted === null) return false;
  if (typeof wanted === "number") return typeof value === "number" && compares(value, comparator, wanted);
  const text = String(value);
  if (typeof wanted !== "string") return wanted.includes(text) === (comparator === "IN");
  if (comparator === "LIKE" || comparator === "ILIKE") return isLike(text, wanted, comparator === "ILIKE");
  return (text === wanted) === (comparator === "=");
}

/** NaN compares with nothing. */
function compares(value: number, comparator: Clause["comparator"], wanted: number): boolean {
  if (Number.isNaN(value)) return false;
  switch (comparator) {
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
    case "=":
      return value === wanted;
    default:
      return value !== wanted;
  }
}

/**
 * SQL's LIKE: `%` is any text, `_` any character; there is no escape. Goes back to the last `%` only,
 * so that a pattern of many takes time in proportion to text times pattern.
 */
export function isLike(text: string, pattern: string, isCaseInsensitive: boolean): boolean {
  const fold = (value: string) => [...(isCaseInsensitive ? value.toLowerCase() : value)];
  const letters = fold(text);
  const signs = fold(pattern);
  let at = 0;
  let sign = 0;
  let retry: { readonly at: number; readonly sign: number } | null = null;
  while (at < letters.length) {
    if (signs[sign] === "%") {
      sign += 1;
      retry = { at, sign };
    } else if (signs[sign] === "_" || signs[sign] === letters[at]) {
      at += 1;
      sign += 1;
    } else if (retry) {
      retry = { at: retry.at + 1, sign: retry.sign };
      ({ at, sign } = retry);
    } else {
      return false;
    }
  }
  return signs.slice(sign).every((rest) => rest === "%");
}

/** Compares for an order: numbers, then NaN, then what is missing, whichever the direction. */
export function comparer<T>(orders: readonly Order[], view: (item: T) => Searchable): (a: T, b: T) => number {
  return (a, b) => {
    for (const order of orders) {
      const result = compareValues(valueAt(view(a), order), valueAt(view(b), order), order.isAscending);
      if (result !== 0) return result;
    }
    return 0;
  };
}

function rank(value: string | number | null): number {
  if (value === null) return 2;
  return Number.isNaN(value) ? 1 : 0;
}

function compareValues(a: string | number | null, b: string | number | null, isAscending: boolean): number {
  if (rank(a) !== 0 || rank(b) !== 0) return rank(a) - rank(b);
  if (a === b || a === null || b === null) return 0;
  return a < b === isAscending ? -1 : 1;
}
