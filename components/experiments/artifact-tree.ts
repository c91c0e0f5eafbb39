export type TreeFile = {
  readonly root: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
};
export type TreeRow = {
  readonly root: string;
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Null for a folder. */
  readonly file: TreeFile | null;
};

type Source = {
  readonly root: string;
  /** Heading above the source's files; empty for none. */
  readonly prefix: string;
  readonly files: readonly Omit<TreeFile, "root">[];
};

/** Files of several roots as the rows of one tree, folders before what they hold. Paths come sorted. */
export function artifactTree(sources: readonly Source[]): readonly TreeRow[] {
  return sources.flatMap((source) => {
    if (source.files.length === 0) return [];
    const heading: TreeRow[] =
      source.prefix === "" ? [] : [{ root: source.root, path: "", name: source.prefix, depth: 0, file: null }];
    return [...heading, ...rowsBelow(source, heading.length)];
  });
}

function rowsBelow(source: Source, depth: number): readonly TreeRow[] {
  const seen = new Set<string>();
  return source.files.flatMap((file) => {
    const segments = file.path.split("/");
    const name = segments.at(-1) ?? file.path;
    const folders = segments.slice(0, -1).flatMap((segment, index): TreeRow[] => {
      const path = segments.slice(0, index + 1).join("/");
      if (seen.has(path)) return [];
      seen.add(path);
      return [{ root: source.root, path: `${path}/`, name: segment, depth: depth + index, file: null }];
    });
    const row: TreeRow = {
      root: source.root,
      path: file.path,
      name,
      depth: depth + segments.length - 1,
      file: { root: source.root, ...file },
    };
    return [...folders, row];
  });
}
