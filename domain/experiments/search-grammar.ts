import { SearchSyntaxError, type Token, tokensOf } from "./search-tokens";
import {
  type AttributeKind,
  type Clause,
  type Comparator,
  LIST_COMPARATORS,
  NULL_COMPARATORS,
  NUMERIC_COMPARATORS,
  type Order,
  type SearchEntity,
  type SearchTarget,
  TEXT_COMPARATORS,
} from "./search-types";

const ENTITIES: Readonly<Record<string, SearchEntity>> = {
  metric: "metric",
  metrics: "metric",
  param: "param",
  params: "param",
  parameter: "param",
  parameters: "param",
  tag: "tag",
  tags: "tag",
  attribute: "attribute",
  attributes: "attribute",
  attr: "attribute",
  run: "attribute",
  dataset: "dataset",
  datasets: "dataset",
};
const DATASET_KEYS = ["name", "digest", "context"];
const MAX_CLAUSES = 100;

type Name = { readonly entity: SearchEntity; readonly key: string };

/** Reads tokens one after the other. */
class Cursor {
  private at = 0;
  constructor(private readonly tokens: readonly Token[]) {}
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }
  next(): Token | undefined {
    const token = this.tokens[this.at];
    this.at += 1;
    return token;
  }
  /** Takes a word (any case) when it stands next. */
  takeWord(word: string): boolean {
    const token = this.peek();
    if (token?.kind !== "word" || token.text.toUpperCase() !== word) return false;
    this.at += 1;
    return true;
  }
  isDone(): boolean {
    return this.at >= this.tokens.length;
  }
}

/**
 * Parses MLflow's filter language: comparisons joined by AND. Throws only `SearchSyntaxError`, in words
 * that clients match on ("Invalid clause(s) in filter string", "Invalid attribute key", …).
 */
export function parseFilter(filter: string, target: SearchTarget): readonly Clause[] {
  const cursor = new Cursor(tokensOf(filter));
  const clauses: Clause[] = [];
  while (!cursor.isDone()) {
    if (clauses.length > 0 && !cursor.takeWord("AND")) throw invalidClause("comparisons are joined by AND");
    clauses.push(parseClause(cursor, target));
    if (clauses.length > MAX_CLAUSES) throw invalidClause(`there are more than ${MAX_CLAUSES}`);
  }
  return clauses;
}

function invalidClause(why: string): SearchSyntaxError {
  return new SearchSyntaxError(`Invalid clause(s) in filter string: ${why}.`);
}

function parseClause(cursor: Cursor, target: SearchTarget): Clause {
  const name = resolveName(readName(cursor), target);
  const comparator = readComparator(cursor);
  const allowed = comparatorsFor(name, target);
  if (!allowed.includes(comparator)) {
    throw new SearchSyntaxError(
      `Invalid comparator '${comparator}' for ${name.entity} '${name.key}'. It takes ${allowed.join(", ")}.`,
    );
  }
  return { ...name, comparator, value: readValue(cursor, name, comparator, target) };
}

/** An identifier as written: before the first dot the entity, where there is one. */
function readName(cursor: Cursor): { readonly entity: string | null; readonly key: string } {
  const token = cursor.next();
  if (token?.kind === "path") return { entity: token.entity, key: token.key };
  if (token?.kind === "quoted" && token.quote !== "'") return { entity: null, key: token.text };
  if (token?.kind !== "word") throw invalidClause("an identifier is missing");
  const dot = token.text.indexOf(".");
  if (dot > 0 && dot < token.text.length - 1)
    return { entity: token.text.slice(0, dot), key: token.text.slice(dot + 1) };
  const following = cursor.peek();
  if (/^run$/i.test(token.text) && following?.kind === "word" && /^name$/i.test(following.text)) {
    cursor.next();
    return { entity: null, key: "run name" };
  }
  return { entity: null, key: token.text };
}

function resolveName(name: { readonly entity: string | null; readonly key: string }, target: SearchTarget): Name {
  const entity = name.entity === null ? "attribute" : ENTITIES[name.entity.toLowerCase()];
  if (!entity || !target.entities.includes(entity)) {
    throw new SearchSyntaxError(
      `Invalid entity type '${name.entity ?? name.key}'. Valid ones are ${target.entities.join(", ")}.`,
    );
  }
  if (entity === "attribute") {
    const key = Object.hasOwn(target.aliases, name.key) ? (target.aliases[name.key] ?? name.key) : name.key;
    if (!Object.hasOwn(target.attributes, key)) {
      throw new SearchSyntaxError(
        `Invalid attribute key '${name.key}' specified. Valid keys are ${Object.keys(target.attributes).join(", ")}.`,
      );
    }
    return { entity, key };
  }
  if (entity === "dataset" && !DATASET_KEYS.includes(name.key)) {
    throw new SearchSyntaxError(
      `Invalid dataset key '${name.key}' specified. Valid keys are ${DATASET_KEYS.join(", ")}.`,
    );
  }
  return { entity, key: name.key };
}

function readComparator(cursor: Cursor): Comparator {
  const token = cursor.next();
  if (token?.kind === "operator") return token.text as Comparator;
  if (token?.kind !== "word") throw invalidClause("a comparator is missing");
  const word = token.text.toUpperCase();
  if (word === "LIKE" || word === "ILIKE" || word === "IN") return word;
  if (word === "NOT" && cursor.takeWord("IN")) return "NOT IN";
  if (word === "IS") {
    const isNegated = cursor.takeWord("NOT");
    if (cursor.takeWord("NULL")) return isNegated ? "IS NOT NULL" : "IS NULL";
  }
  throw new SearchSyntaxError(
    `Invalid comparator '${token.text}' in filter string. Invalid clause(s) in filter string.`,
  );
}

function kindOf({ entity, key }: Name, target: SearchTarget): AttributeKind {
  if (entity === "metric") return "number";
  if (entity === "attribute") return target.attributes[key] ?? "text";
  return entity === "dataset" ? "list" : "text";
}

function comparatorsFor(name: Name, target: SearchTarget): readonly Comparator[] {
  const kind = kindOf(name, target);
  if (kind === "number") return NUMERIC_COMPARATORS;
  if (kind === "list") return [...TEXT_COMPARATORS, ...LIST_COMPARATORS];
  return name.entity === "attribute" ? TEXT_COMPARATORS : [...TEXT_COMPARATORS, ...NULL_COMPARATORS];
}

function readValue(cursor: Cursor, name: Name, comparator: Comparator, target: SearchTarget): Clause["value"] {
  if (NULL_COMPARATORS.includes(comparator)) return null;
  if (LIST_COMPARATORS.includes(comparator)) return readList(cursor);
  const token = cursor.next();
  if (kindOf(name, target) === "number") {
    if (token?.kind === "number") return token.value;
    throw new SearchSyntaxError(
      `Expected a numeric value for ${name.entity} '${name.key}'. Invalid clause(s) in filter string.`,
    );
  }
  if (token?.kind === "quoted" && token.quote !== "`") return token.text;
  throw new SearchSyntaxError(
    `Expected a quoted string value for ${name.entity} '${name.key}'. Invalid clause(s) in filter string.`,
  );
}

function readList(cursor: Cursor): readonly string[] {
  const isMark = (token: Token | undefined, mark: string) => token?.kind === "mark" && token.text === mark;
  if (!isMark(cursor.next(), "(")) throw invalidClause("a list in parentheses is missing");
  const values: string[] = [];
  for (;;) {
    const token = cursor.next();
    if (token?.kind !== "quoted" || token.quote === "`")
      throw new SearchSyntaxError("Expected a quoted string value in the list. Invalid clause(s) in filter string.");
    values.push(token.text);
    const separator = cursor.next();
    if (isMark(separator, ")")) return values;
    if (!isMark(separator, ",")) throw invalidClause("a list in parentheses is not closed");
  }
}

/** Parses `ident [ASC|DESC]` entries. Throws only `SearchSyntaxError`. */
export function parseOrderBy(entries: readonly string[], target: SearchTarget): readonly Order[] {
  const orders = entries.map((entry) => parseOrder(entry, target));
  const names = orders.map((order) => `${order.entity} ${order.key}`);
  if (new Set(names).size !== names.length) throw new SearchSyntaxError("`order_by` contains duplicate fields.");
  return orders;
}

function parseOrder(entry: string, target: SearchTarget): Order {
  const cursor = new Cursor(tokensOf(entry));
  if (cursor.isDone()) throw new SearchSyntaxError(`Invalid order_by clause '${entry}'.`);
  const written = readName(cursor);
  const isDescending = cursor.takeWord("DESC");
  if (!isDescending) cursor.takeWord("ASC");
  if (!cursor.isDone()) throw new SearchSyntaxError(`Invalid order_by clause '${entry}'. Invalid ordering key.`);
  const key = Object.hasOwn(target.aliases, written.key) ? (target.aliases[written.key] ?? written.key) : written.key;
  const isAttribute = written.entity === null || ENTITIES[written.entity.toLowerCase()] === "attribute";
  if (isAttribute) {
    if (!target.orderings.includes(key))
      throw new SearchSyntaxError(
        `Invalid attribute key '${written.key}' specified. Invalid order_by clause '${entry}'.`,
      );
    return { entity: "attribute", key, isAscending: !isDescending };
  }
  const name = resolveName(written, target);
  if (name.entity === "dataset")
    throw new SearchSyntaxError(`Invalid order_by entity in '${entry}'. Invalid ordering key.`);
  return { ...name, isAscending: !isDescending };
}
