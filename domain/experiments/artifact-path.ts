/**
 * The one form of an artifact's path: relative, with single slashes, no trailing slash. Null where it
 * leaves its root or could be read in two ways: `..`, an absolute path, a backslash, a drive, a `#`,
 * a control character. Give it a path that was percent-decoded exactly once.
 */
export function normaliseArtifactPath(path: string): string | null {
  if (path.startsWith("/") || /^[a-zA-Z]:/.test(path) || /[\\#]/.test(path) || hasControlCharacter(path)) return null;
  if (!path.isWellFormed()) return null;
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..") || path.length > 2_048) return null;
  return segments.join("/");
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === 127) return true;
  }
  return false;
}

export type ListedFile = { readonly path: string; readonly bytes: number };
export type ListedEntry = { readonly path: string; readonly isDirectory: boolean; readonly bytes: number };

/** The direct children of a folder, sorted by name: folders are those that hold a file further down. */
export function entriesOf(files: readonly ListedFile[], folder: string): readonly ListedEntry[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const entries = new Map<string, ListedEntry>();
  for (const file of files) {
    if (!file.path.startsWith(prefix) || file.path === folder) continue;
    const [name = "", ...rest] = file.path.slice(prefix.length).split("/");
    const path = `${prefix}${name}`;
    if (rest.length > 0) entries.set(path, { path, isDirectory: true, bytes: 0 });
    else entries.set(path, { path, isDirectory: false, bytes: file.bytes });
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
