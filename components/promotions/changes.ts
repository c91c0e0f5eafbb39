import type { Promotion } from "./promotion-words";

type Makeup = NonNullable<Promotion["makeup"]["candidate"]>;

/** What was added, taken away or altered between two sets of named values. */
export type Difference = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly altered: readonly { readonly name: string; readonly from: string; readonly to: string }[];
};

export function differenceOf(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>): Difference {
  const names = Object.keys(to);
  return {
    added: names.filter((name) => !(name in from)),
    removed: Object.keys(from).filter((name) => !(name in to)),
    altered: names.flatMap((name) => {
      const [before, after] = [from[name], to[name]];
      return before !== undefined && after !== undefined && before !== after ? [{ name, from: before, to: after }] : [];
    }),
  };
}

export const asNames = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** Whether both ran in the same environments; null where neither has one recorded. */
export function isSameEnvironment(candidate: Makeup, current: Makeup): boolean | null {
  if (candidate.environments.length === 0 && current.environments.length === 0) return null;
  return candidate.environments.join() === current.environments.join();
}
