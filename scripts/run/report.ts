const SHOW_WAITING_AFTER_MS = 2_000;

/** Prints what is done, step by step. A step that takes long says that it has begun. */
export type Report = {
  readonly line: (text: string) => void;
  readonly step: <T>(title: string, work: () => Promise<T>) => Promise<T>;
};

export function createReport(print: (text: string) => void): Report {
  return {
    line: print,
    async step(title, work) {
      const started = performance.now();
      const waiting = setTimeout(() => print(`  … ${title}`), SHOW_WAITING_AFTER_MS);
      try {
        const result = await work();
        print(`  ✓ ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
        return result;
      } finally {
        clearTimeout(waiting);
      }
    },
  };
}
