import { eq, inArray } from "drizzle-orm";
import { monitorChecks, monitors } from "@/db/schema/monitoring";
import { judgementOf, qualityVerdict } from "@/domain/monitoring/policy";
import { floorP } from "@/domain/monitoring/quality";
import { closedQuarters, labelsDueAt, type Window, windowName } from "@/domain/monitoring/windows";
import { metricText } from "@/domain/promotions/metrics";
import type { Caller } from "../audit/audit-caller";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { judgeWindow } from "./judge-window";
import { measureInputs } from "./measure-inputs";
import { measureQuality } from "./measure-quality";
import { noteCorrections } from "./note-corrections";
import {
  activeThreshold,
  type Monitor,
  monitorById,
  monitorsAlike,
  systemCaller,
  type ThresholdVersion,
} from "./record";
import { coverageOf, quartersOf, spanOf, type VersionRows } from "./traffic";

export type CheckOutcome = {
  /** Names of the windows that this check judged. */
  readonly judged: readonly string[];
  /** Alerts that it opened. */
  readonly alerts: readonly string[];
  /** What it found, as a sentence. */
  readonly outcome: string;
};

type Standing = {
  readonly monitor: Monitor;
  readonly threshold: ThresholdVersion;
  readonly asOf: Date;
};
type Found = { readonly judged: string | null; readonly alertId: string | null; readonly note: string | null };

/**
 * One check of a monitor: takes the newest event time as its as-of and judges each closed quarter that was not judged
 * yet, the oldest first. It may run twice at once and again after a crash. Null where the monitor is gone or paused;
 * `isAsked` looks at a paused one too.
 */
export async function runCheck(
  ctx: ServiceContext,
  { monitorId, isAsked = false }: { readonly monitorId: string; readonly isAsked?: boolean },
): Promise<CheckOutcome | null> {
  const begunAt = ctx.clock();
  const monitor = await monitorById(ctx.db, monitorId);
  if (!monitor || monitor.state === "deleted" || (monitor.state === "paused" && !isAsked)) return null;
  const caller = await systemCaller(ctx, monitor.projectId);
  const [threshold, span] = await Promise.all([activeThreshold(ctx.db, monitorId), spanOf(ctx.db, monitor)]);
  if (!threshold || !span) {
    const outcome = threshold ? "There are no answers yet." : "Its limits wait for two signatures.";
    await noteOutcome(ctx, monitor, { outcome, asOf: span?.asOf ?? null, begunAt });
    return { judged: [], alerts: [], outcome };
  }
  const standing = { monitor, threshold, asOf: span.asOf };
  await noteCorrections(ctx, monitor);
  const found = await judgeClosed(caller, standing);
  const outcome = sentenceOf(found);
  await noteOutcome(ctx, monitor, { outcome, asOf: span.asOf, begunAt });
  return {
    judged: found.flatMap((each) => (each.judged ? [each.judged] : [])),
    alerts: found.flatMap((each) => (each.alertId ? [each.alertId] : [])),
    outcome,
  };
}

/**
 * Judges the closed quarters that were not judged yet, the oldest first, so that an alert opens before a later quarter
 * resolves it. What a deleted monitor of the same subject has judged is not judged again.
 */
async function judgeClosed(caller: Caller, standing: Standing): Promise<readonly Found[]> {
  const { monitor, asOf } = standing;
  const { db } = caller.ctx;
  const [checks, quarters] = await Promise.all([
    db
      .select({ kind: monitorChecks.kind, windowStart: monitorChecks.windowStart })
      .from(monitorChecks)
      .where(inArray(monitorChecks.monitorId, monitorsAlike(db, monitor))),
    quartersOf(db, monitor),
  ]);
  const done = new Set(checks.map(keyOf));
  const due = closedQuarters(quarters, asOf).filter((window) => asOf >= labelsDueAt(window, monitor.labelDelayDays));
  const found: Found[] = [];
  for (const window of due) {
    const at = window.start.getTime();
    if (done.has(`inputs ${at}`) && done.has(`quality ${at}`)) continue;
    const versions = await coverageOf(db, monitor, window);
    if (versions.length === 0) continue;
    const looks = [
      ...(done.has(`inputs ${at}`) ? [] : [checkInputs(caller, standing, { window, versions })]),
      ...(done.has(`quality ${at}`) ? [] : [checkQuality(caller, standing, { window, versions })]),
    ];
    found.push(...(await Promise.all(looks)));
  }
  return found;
}

const keyOf = (check: Pick<typeof monitorChecks.$inferSelect, "kind" | "windowStart">) =>
  `${check.kind} ${check.windowStart.getTime()}`;

type Look = { readonly window: Window; readonly versions: readonly VersionRows[] };

const sum = (versions: readonly VersionRows[], of: "rows" | "labelled") =>
  versions.reduce((total, version) => total + version[of], 0);

async function checkQuality(caller: Caller, standing: Standing, look: Look): Promise<Found> {
  const { monitor, threshold, asOf } = standing;
  const { window, versions } = look;
  const [rows, labelled] = [sum(versions, "rows"), sum(versions, "labelled")];
  const name = windowName(window.start);
  const decision = judgementOf({ ...monitor, window, asOf, rows, labelled });
  if (!decision.judge) {
    const note = `${name} waits for labels: ${(decision.coverage * 100).toFixed(1)} % of ${rows} answers have one.`;
    return { judged: null, alertId: null, note };
  }
  const quality = await measureQuality(caller.ctx.db, { subject: monitor, window, versions });
  if ("problem" in quality)
    return { judged: null, alertId: null, note: `${name} cannot be judged: ${quality.problem}` };
  const { value, interval } = quality.measured;
  const limit = threshold.limits.qualityFloor;
  const verdict = qualityVerdict(monitor.metric, quality.measured, limit);
  const { isJudged, alertId } = await judgeWindow(caller, {
    monitor,
    kind: "quality",
    window,
    versions,
    values: {
      thresholdVersionId: threshold.id,
      asOf,
      modelVersionId: mainVersion(versions),
      rows,
      labelled,
      coverage: decision.coverage,
      value,
      lower: interval?.[0] ?? null,
      upper: interval?.[1] ?? null,
      limit,
      verdict,
      details: {
        kind: "quality",
        pValue: floorP(monitor.metric, quality.measured, limit),
        versions: quality.versions,
      },
    },
  });
  const text = `${name}: ${monitor.metric} ${value === null ? "undefined" : metricText(value)}`;
  return { judged: isJudged ? text : null, alertId, note: null };
}

async function checkInputs(caller: Caller, standing: Standing, look: Look): Promise<Found> {
  const { monitor, threshold, asOf } = standing;
  const { window, versions } = look;
  const { limits } = threshold;
  const details = await measureInputs(caller.ctx, { subject: monitor, window, limits, versions });
  const drifts = details.features.flatMap(({ drift }) => (drift ? [drift.psi] : []));
  const { isJudged } = await judgeWindow(caller, {
    monitor,
    kind: "inputs",
    window,
    versions,
    values: {
      thresholdVersionId: threshold.id,
      asOf,
      modelVersionId: mainVersion(versions),
      rows: sum(versions, "rows"),
      value: drifts.length > 0 ? Math.max(...drifts) : null,
      limit: limits.driftLimit,
      verdict: details.warnings.length > 0 ? "warn" : "pass",
      details,
    },
  });
  const text = `${windowName(window.start)}: inputs, ${details.warnings.length || "no"} warnings`;
  return { judged: isJudged ? text : null, alertId: null, note: null };
}

function mainVersion([first]: readonly VersionRows[]): string {
  if (!first) throw new Error("A window without answers is not judged.");
  return first.modelVersionId;
}

function sentenceOf(found: readonly Found[]): string {
  const judged = found.flatMap((each) => (each.judged ? [each.judged] : []));
  const notes = found.flatMap((each) => (each.note ? [each.note] : [])).slice(-1);
  const sentences = judged.length > 0 ? [`Judged ${judged.join("; ")}.`, ...notes] : notes;
  return sentences.length > 0 ? sentences.join(" ") : "Every closed quarter is judged.";
}

/** Pages hear of a check only when it says something else than the one before. */
async function noteOutcome(
  ctx: ServiceContext,
  monitor: Monitor,
  note: { readonly outcome: string; readonly asOf: Date | null; readonly begunAt: Date },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await tx
      .update(monitors)
      .set({ lastCheckedAt: note.begunAt, lastAsOf: note.asOf, lastOutcome: note.outcome })
      .where(eq(monitors.id, monitor.id));
    if (note.outcome !== monitor.lastOutcome) await publishEvent(tx, monitor.projectId, "monitoring", monitor.id);
  });
}
