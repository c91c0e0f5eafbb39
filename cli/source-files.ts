import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { CliError } from "./cli-error";

const RULE_FILES = [".gitignore", ".countersignignore"];
/** Never part of a source, whatever the rules say. */
const ALWAYS = [
  ".git",
  "node_modules",
  "__pycache__",
  "*.pyc",
  ".venv",
  "venv",
  ".mypy_cache",
  ".pytest_cache",
  ".ipynb_checkpoints",
  ".DS_Store",
  ".countersignignore",
];

type Rules = { readonly folder: string; readonly matcher: Ignore };

/**
 * The files of a folder that are pushed, sorted, relative with forward slashes. `.gitignore` (also of the
 * folders above, up to the repository's root) and `.countersignignore` are honoured; the deepest rule wins.
 * A link counts as the file that it names, which must lie in the folder.
 */
export function sourceFiles(folder: string): string[] {
  const root = realpathSync(folder);
  const files = [
    ...walk(root, { root, rules: [...rulesAbove(root), { folder: root, matcher: ignore().add(ALWAYS) }] }),
  ];
  return files.sort((a, b) => (a < b ? -1 : 1));
}

function rulesAbove(root: string): Rules[] {
  const above: string[] = [];
  for (let current = root; !existsSync(path.join(current, ".git")); current = path.dirname(current)) {
    if (current === path.dirname(current)) return [];
    above.unshift(path.dirname(current));
  }
  return above.flatMap((folder) => rulesOf(folder, [".gitignore"]));
}

function rulesOf(folder: string, names: readonly string[]): Rules[] {
  const present = names.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
  if (present.length === 0) return [];
  return [{ folder, matcher: present.reduce((matcher, file) => matcher.add(readFileSync(file, "utf8")), ignore()) }];
}

type Walk = { readonly root: string; readonly rules: readonly Rules[] };

function* walk(folder: string, { root, rules }: Walk): Generator<string> {
  const own = [...rules, ...rulesOf(folder, RULE_FILES)];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? linked(file, root, own) : entry;
    if (kind === null || isIgnored(file, kind.isDirectory(), own)) continue;
    if (kind.isDirectory() && !entry.isSymbolicLink()) yield* walk(file, { root, rules: own });
    else if (kind.isFile()) yield path.relative(root, file).split(path.sep).join("/");
    else throw new CliError(`${file}: only files and folders can be pushed, and links to files.`);
  }
}

/** What a link names; null for a link that the rules leave out anyway. */
function linked(file: string, root: string, rules: readonly Rules[]) {
  if (isIgnored(file, false, rules)) return null;
  const target = existsSync(file) ? realpathSync(file) : null;
  if (target === null || !target.startsWith(`${root}${path.sep}`))
    throw new CliError(`${file}: this link leads out of the folder that is pushed.`);
  return statSync(target);
}

function isIgnored(file: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  let verdict = false;
  for (const { folder, matcher } of rules) {
    const relative = path.relative(folder, file).split(path.sep).join("/");
    const { ignored, unignored } = matcher.test(isFolder ? `${relative}/` : relative);
    if (ignored) verdict = true;
    else if (unignored) verdict = false;
  }
  return verdict;
}
