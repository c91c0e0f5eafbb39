import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { FEEDBACK_KINDS } from "@/domain/feedback/types";
import { coverageOf, stepState } from "@/domain/projects/process-map/coverage";
import { ITEMS, type ItemId } from "@/domain/projects/process-map/items";
import { STEPS } from "@/domain/projects/process-map/steps";
import type { ItemState } from "@/domain/projects/process-map/types";
import { whoCould, whoWould } from "@/domain/projects/process-map/words";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import { type Target, targetsOf } from "../../notifications/targets";
import { CROSS } from "./cross";
import { DEPLOYMENT } from "./deployment";
import { EXPERIMENTATION } from "./experimentation";
import { FEATURE_PIPELINE } from "./feature-pipeline";
import { INITIATION } from "./initiation";
import { MONITORING } from "./monitoring";
import { type Block, notYetRecorded } from "./predicate";

const BLOCKS: readonly Block[] = [INITIATION, FEATURE_PIPELINE, EXPERIMENTATION, DEPLOYMENT, MONITORING, CROSS];

/** Every item has its predicate, or says that no record of its kind exists; a missing one does not compile. */
const PREDICATES = {
  ...INITIATION,
  ...FEATURE_PIPELINE,
  ...EXPERIMENTATION,
  ...DEPLOYMENT,
  ...MONITORING,
  ...CROSS,
} satisfies Readonly<Record<ItemId, Block[ItemId]>>;

/** What was found for an item. `missing` is a sentence where it is not the whole of what the item asks for. */
export type Artefact = {
  readonly kind: string;
  readonly id: string;
  readonly label: string;
  readonly at: Date;
  readonly by: string | null;
  /** Names of those whose signatures it carries, in their order. */
  readonly signers: string | null;
  readonly missing: string | null;
  readonly target: Target | null;
};

type Row = Omit<Artefact, "at" | "target"> & { readonly item: ItemId; readonly at: Date | string };

/** One round trip for a block: its predicates side by side. */
async function evaluate(db: Executor, projectId: string, block: Block): Promise<readonly Row[]> {
  const parts = Object.entries(block).flatMap(([item, predicate]) =>
    predicate ? [sql`(select ${item}::text as item, found.* from (${predicate(projectId)}) found)`] : [],
  );
  if (parts.length === 0) return [];
  return [...(await db.execute<Row>(sql.join(parts, sql` union all `)))];
}

/** The artefact of each item that has one. */
async function findArtefacts(db: Executor, projectId: string): Promise<ReadonlyMap<ItemId, Artefact>> {
  const rows = (await Promise.all(BLOCKS.map((block) => evaluate(db, projectId, block)))).flat();
  const targets = await targetsOf(db, rows);
  return new Map(
    rows.map(({ item, at, ...row }) => [item, { ...row, at: new Date(at), target: targets.get(row.id) ?? null }]),
  );
}

const isRecorded = (id: ItemId) => PREDICATES[id] !== notYetRecorded;

function stateOf(artefact: Artefact | undefined): ItemState {
  if (!artefact) return "not_yet";
  return artefact.missing === null ? "done" : "begun";
}

/**
 * The whole process of a project: the 28 steps and what lies between them, the 78 items with the artefact of each or
 * who could do it, the nine feedback arrows with what is open, and how much is done. Read anew at each call.
 */
export async function getProcessMap(ctx: ServiceContext, { projectId }: Scope<"projects.read">) {
  const [artefacts, arrows, firing] = await Promise.all([
    findArtefacts(ctx.db, projectId),
    feedbackByArrow(ctx.db, projectId),
    countFiring(ctx.db, projectId),
  ]);
  const items = ITEMS.map((item) => {
    const artefact = artefacts.get(item.id);
    return {
      ...item,
      state: stateOf(artefact),
      artefactFound: artefact ?? null,
      /** What is missing, or who could do it; null where it is done. */
      note: artefact ? artefact.missing : isRecorded(item.id) ? whoCould(item) : whoWould(item),
    };
  });
  const states = new Map<string, ItemState>(items.map((item) => [item.id, item.state]));
  const steps = STEPS.map((step) => {
    const own = items.filter((item) => item.step === step.id);
    return {
      ...step,
      state: stepState(own.map((item) => item.state)),
      items: own.map((item) => item.id),
      done: own.filter((item) => item.state === "done").length,
      /** Alerts that fire now: the step says so whatever its items say. */
      firing: step.id === "D26" ? firing : 0,
    };
  });
  return { coverage: coverageOf(states), steps, items, arrows };
}

type ArrowRow = { kind: string; total: number; open: number; last_at: Date | string | null };

/** Items of each arrow; a finding that went to the scheduler is a trigger of the retraining policy. */
async function feedbackByArrow(db: Executor, projectId: string) {
  const rows = await db.execute<ArrowRow>(sql`
    select kind, count(*)::int as total, (count(*) filter (where state in ('open', 'accepted')))::int as open,
      max(created_at) as last_at
    from feedback_items where project_id = ${projectId} group by kind
    union all
    select 'F5', count(*)::int, 0, max(created_at) from retraining_triggers where project_id = ${projectId}
    having count(*) > 0`);
  const byKind = new Map(rows.map((row) => [row.kind, row]));
  return FEEDBACK_KINDS.map((kind) => {
    const row = byKind.get(kind);
    return {
      kind,
      total: row?.total ?? 0,
      open: row?.open ?? 0,
      lastAt: row?.last_at ? new Date(row.last_at) : null,
    };
  });
}

async function countFiring(db: Executor, projectId: string): Promise<number> {
  const [row] = await db.execute<{ firing: number }>(
    sql`select count(*)::int as firing from alerts where project_id = ${projectId} and state = 'firing'`,
  );
  return row?.firing ?? 0;
}
