/** Where a command writes: standard output and error, or a test's list. */
export type Output = {
  readonly line: (text: string) => void;
  readonly write: (text: string) => void;
  readonly error: (text: string) => void;
};

export const terminal: Output = {
  line: (text) => void process.stdout.write(`${text}\n`),
  write: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(`${text}\n`),
};

/** Columns side by side, the first row as it is; numbers are given as text. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (seen, row) => row.map((cell, index) => Math.max(seen[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** "4.2 s", "3 min 5 s"; a dash where it has not begun. */
export function span(startedAt: string | null, finishedAt: string | null): string {
  if (startedAt === null) return "–";
  const seconds = (Date.parse(finishedAt ?? new Date().toISOString()) - Date.parse(startedAt)) / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
