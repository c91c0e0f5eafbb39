import type { Executor } from "@/db/client";
import {
  type ConfusionCell,
  cellsProblem,
  isCounted,
  type Measured,
  measureCells,
  measurePairs,
  type ScoredPair,
} from "@/domain/monitoring/quality";
import type { VersionQuality } from "@/domain/monitoring/types";
import type { Window } from "@/domain/monitoring/windows";
import { cellsOf, pairsOf, readingIn, type Subject, type VersionRows } from "./traffic";

export type WindowQuality = { readonly measured: Measured; readonly versions: readonly VersionQuality[] };

type Wanted = {
  readonly subject: Subject & { readonly metric: string };
  readonly window: Window;
  readonly versions: readonly VersionRows[];
};

/** What a metric needs of some answers: counts by label and decision, or every pair. */
type Answers = { readonly cells: readonly ConfusionCell[]; readonly pairs: readonly ScoredPair[] };

/** The metric over the labelled answers of a window, whichever version gave them, and per version. */
export async function measureQuality(
  db: Executor,
  wanted: Wanted,
): Promise<WindowQuality | { readonly problem: string }> {
  const { metric } = wanted.subject;
  const byVersion = new Map<string, Answers>();
  for (const version of wanted.versions.filter(({ labelled }) => labelled > 0)) {
    const answers = await answersOf(db, wanted, version);
    if ("problem" in answers) return answers;
    byVersion.set(version.modelVersionId, answers);
  }
  const all = [...byVersion.values()];
  return {
    measured: measure(metric, {
      cells: all.flatMap(({ cells }) => cells),
      pairs: all.flatMap(({ pairs }) => pairs),
    }),
    versions: wanted.versions.map(({ modelVersionId, version, rows, labelled }) => {
      const own = byVersion.get(modelVersionId);
      return { modelVersionId, version, rows, labelled, value: own ? measure(metric, own).value : null };
    }),
  };
}

async function answersOf(
  db: Executor,
  { subject, window }: Wanted,
  version: VersionRows,
): Promise<Answers | { readonly problem: string }> {
  const reading = await readingIn(db, { subject, window, version });
  if ("problem" in reading) return reading;
  const read = { subject, window, modelVersionId: version.modelVersionId, reading };
  if (isCounted(subject.metric)) {
    const cells = await cellsOf(db, read);
    const problem = cellsProblem(subject.metric, cells);
    return problem ? { problem } : { cells, pairs: [] };
  }
  const pairs = await pairsOf(db, read);
  return pairs
    ? { cells: [], pairs }
    : { problem: `The answers of version ${version.version} do not have what ${subject.metric} needs.` };
}

function measure(metric: string, { cells, pairs }: Answers): Measured {
  return isCounted(metric) ? measureCells(metric, cells) : measurePairs(metric, pairs);
}
