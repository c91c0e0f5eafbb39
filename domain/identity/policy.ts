import { type Cell, type Letter, MATRIX } from "./matrix";
import { ROLES, type Role, roleNames } from "./roles";

type KeysOf<T> = T extends unknown ? keyof T : never;
export type Permission = KeysOf<(typeof MATRIX)[number]["permissions"]>;
/** How far a permission reaches for somebody: everything, only what they made, or nothing. */
export type Reach = "any" | "own" | "none";

type Requirement = {
  readonly action: string;
  readonly cells: Partial<Record<Role, string>>;
  readonly letters: readonly Letter[];
};

const requirements = new Map<string, Requirement>(
  MATRIX.flatMap((row) =>
    Object.entries(row.permissions as Record<string, readonly Letter[]>).map(
      ([permission, letters]): [string, Requirement] => [permission, { action: row.action, cells: row.cells, letters }],
    ),
  ),
);

export const PERMISSIONS = [...requirements.keys()] as readonly Permission[];

export function cellOf(text: string | undefined): Cell {
  if (text === undefined) return { letters: [], isOwnOnly: false };
  const [letters = "", narrowed] = text.split(" ");
  return { letters: letters.split(",") as Letter[], isOwnOnly: narrowed === "own" };
}

function requirementOf(permission: Permission): Requirement {
  const requirement = requirements.get(permission);
  if (!requirement) throw new Error(`The matrix has no permission ${permission}.`);
  return requirement;
}

/** The widest reach that any of the roles gives. */
export function reachOf(roles: readonly Role[], permission: Permission): Reach {
  const { cells, letters } = requirementOf(permission);
  const held = roles
    .map((role) => cellOf(cells[role]))
    .filter((cell) => cell.letters.some((letter) => letters.includes(letter)));
  if (held.some((cell) => !cell.isOwnOnly)) return "any";
  return held.length > 0 ? "own" : "none";
}

export function can(roles: readonly Role[], permission: Permission): boolean {
  return reachOf(roles, permission) !== "none";
}

export function rolesWith(permission: Permission): readonly Role[] {
  return ROLES.filter((role) => can([role], permission));
}

/** Why a person may not, as a sentence; null when they may. The same rule refuses the call on the server. */
export function refusalSentence(roles: readonly Role[], permission: Permission): string | null {
  if (can(roles, permission)) return null;
  return `This needs the role ${roleNames(rolesWith(permission), "or")}.`;
}

/** The token scope that a permission asks for: looking, predicting, signing, or any other writing. */
export function scopeNeededFor(permission: Permission): "read" | "write" | "predict" | "sign" {
  if (permission === "serving.predict" || permission === "serving.label") return "predict";
  const { letters } = requirementOf(permission);
  if (letters.includes("V")) return "read";
  return letters.includes("S") && letters.length === 1 ? "sign" : "write";
}
