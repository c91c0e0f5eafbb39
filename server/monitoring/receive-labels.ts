import { sql } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { AppError } from "@/domain/errors";
import { type IncomingLabel, type KnownLabel, labelChange, labelKey } from "@/domain/monitoring/labels";
import type { LabelValue } from "@/domain/monitoring/types";
import { audit } from "../audit/audit-caller";
import { recordRefusal } from "../audit/record-refusal";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";

/** Labels of one request; of each the number that were new, changed or added a value, or said nothing new. */
export type LabelCounts = { readonly accepted: number; readonly corrected: number; readonly repeated: number };

/**
 * Takes labels by request and row: idempotent, in any order, before or after the prediction was logged. A label for
 * a request that another project logged is `not_found`, and nothing of the whole batch is written. A batch writes one
 * statement for what is new; only what is known already is looked at one by one.
 */
export async function receiveLabels(
  ctx: ServiceContext,
  scope: Scope<"serving.label">,
  incoming: readonly IncomingLabel[],
): Promise<LabelCounts> {
  const { projectId } = scope;
  const at = ctx.clock();
  const counts = await ctx.db.transaction(async (tx) => {
    if (await isForeign(tx, projectId, incoming)) return null;
    const { firsts, later } = splitFirsts(incoming);
    const inserted = await insertFirsts(tx, projectId, { labels: firsts, at });
    const known = firsts.filter((label) => !inserted.has(labelKey(label)));
    const changed = await applyKnown(tx, { projectId, sentBy: userIdOf(scope.actor), at }, [...known, ...later]);
    if (changed > 0) {
      await audit(
        tx,
        { ctx, scope },
        {
          action: "monitoring.labels_corrected",
          entity: { kind: "labels", id: projectId },
          summary: `corrected ${changed} ${changed === 1 ? "label" : "labels"}`,
          details: { corrected: changed },
        },
      );
    }
    if (inserted.size + changed > 0) await publishEvent(tx, projectId, "monitoring", projectId);
    return {
      accepted: inserted.size,
      corrected: changed,
      repeated: incoming.length - inserted.size - changed,
    };
  });
  if (counts !== null) return counts;
  const refused = new AppError("not_found", "prediction", "There is no such request in this project.");
  const tried = {
    action: "monitoring.labels_refused",
    entity: { kind: "labels", id: projectId },
    summary: `was refused to send ${incoming.length} ${incoming.length === 1 ? "label" : "labels"}`,
  };
  await recordRefusal(ctx, scope, tried, refused);
  throw refused;
}

async function isForeign(db: Executor, projectId: string, incoming: readonly IncomingLabel[]): Promise<boolean> {
  const ids = [...new Set(incoming.map((label) => label.requestId))];
  const found = await db.execute(sql`
    select 1 from unnest(${textArray(ids)}::uuid[]) as wanted(id)
    where exists (select 1 from predictions p where p.request_id = wanted.id and p.project_id <> ${projectId})
    limit 1`);
  return found.length > 0;
}

/** The first label of each answer in the batch, sorted so that two batches take their rows in one order; and the rest. */
function splitFirsts(incoming: readonly IncomingLabel[]) {
  const firsts = new Map<string, IncomingLabel>();
  const later: IncomingLabel[] = [];
  for (const label of incoming) {
    const key = labelKey(label);
    if (firsts.has(key)) later.push(label);
    else firsts.set(key, label);
  }
  const inOrder = [...firsts.values()].sort((a, b) =>
    a.requestId === b.requestId ? a.row - b.row : a.requestId < b.requestId ? -1 : 1,
  );
  return { firsts: inOrder, later };
}

async function insertFirsts(
  tx: Transaction,
  projectId: string,
  { labels, at }: { readonly labels: readonly IncomingLabel[]; readonly at: Date },
): Promise<ReadonlySet<string>> {
  const rows = await tx.execute<{ key: string }>(sql`
    insert into labels (project_id, request_id, "row", value, event_time, first_value, first_event_time, received_at, changed_at)
    select ${projectId}, id, "row", value, known_at, value, known_at, ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz
    from ${unnested(labels)}
    on conflict do nothing
    returning request_id || ':' || "row" as key`);
  return new Set(rows.map((row) => row.key));
}

const textArray = (values: readonly string[]) => sql`${sql.param(`{${values.join(",")}}`)}`;

/** The batch as a relation (id, row, value, known_at), from one JSON parameter. */
function unnested(labels: readonly IncomingLabel[]) {
  const ids = labels.map((label) => label.requestId);
  const rows = labels.map((label) => String(label.row));
  const times = labels.map((label) => String(label.eventTimeMs / 1_000));
  const values = JSON.stringify(labels.map((label) => label.value));
  return sql`(
    select i.id, i."row", v.value, to_timestamp(i.seconds) as known_at
    from unnest(${textArray(ids)}::uuid[], ${textArray(rows)}::int[], ${textArray(times)}::float8[])
           with ordinality as i(id, "row", seconds, at)
    join jsonb_array_elements(${values}::text::jsonb) with ordinality as v(value, at) using (at)
    order by i.at) as incoming`;
}

type Sender = { readonly projectId: string; readonly sentBy: string | null; readonly at: Date };
type StoredRow = {
  readonly key: string;
  readonly value: LabelValue;
  readonly ms: number;
  readonly first_value: LabelValue;
  readonly first_ms: number;
};

/** Labels whose answer has one already, in their order of arrival. Returns how many said something new. */
async function applyKnown(tx: Transaction, sender: Sender, incoming: readonly IncomingLabel[]): Promise<number> {
  if (incoming.length === 0) return 0;
  const known = await loadKnown(tx, sender.projectId, incoming);
  const corrections: IncomingLabel[] = [];
  const current = new Map<string, IncomingLabel>();
  for (const label of incoming) {
    const key = labelKey(label);
    const stored = known.get(key);
    if (!stored) continue;
    const change = labelChange(stored, label);
    if (change === "repeated") continue;
    const isNewest = change !== "kept_beside";
    if (isNewest) current.set(key, label);
    const { value, eventTimeMs } = isNewest ? label : stored;
    if (change !== "confirms") corrections.push(label);
    known.set(key, { value, eventTimeMs, known: [...stored.known, label] });
  }
  await writeCorrections(tx, sender, { corrections, current: [...current.values()] });
  return corrections.length;
}

/** What is known of the answers, their rows taken in one order. */
async function loadKnown(tx: Transaction, projectId: string, incoming: readonly IncomingLabel[]) {
  const ids = textArray([...new Set(incoming.map((label) => label.requestId))]);
  const stored = await tx.execute<StoredRow>(sql`
    select request_id || ':' || "row" as key, value, (extract(epoch from event_time) * 1000)::float8 as ms,
           first_value, (extract(epoch from first_event_time) * 1000)::float8 as first_ms
    from labels where project_id = ${projectId} and request_id = any(${ids}::uuid[])
    order by request_id, "row" for no key update`);
  const later = await tx.execute<{ readonly key: string; readonly value: LabelValue; readonly ms: number }>(sql`
    select request_id || ':' || "row" as key, value, (extract(epoch from event_time) * 1000)::float8 as ms
    from label_corrections where project_id = ${projectId} and request_id = any(${ids}::uuid[]) order by id`);
  const byKey = new Map<string, (typeof later)[number][]>();
  for (const row of later) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  return new Map<string, KnownLabel>(
    stored.map((row) => [
      row.key,
      {
        value: row.value,
        eventTimeMs: row.ms,
        known: [
          { value: row.first_value, eventTimeMs: row.first_ms },
          ...(byKey.get(row.key) ?? []).map(({ value, ms }) => ({ value, eventTimeMs: ms })),
        ],
      },
    ]),
  );
}

async function writeCorrections(
  tx: Transaction,
  { projectId, sentBy, at }: Sender,
  change: { readonly corrections: readonly IncomingLabel[]; readonly current: readonly IncomingLabel[] },
): Promise<void> {
  if (change.corrections.length > 0) await addCorrections(tx, { projectId, sentBy, at }, change.corrections);
  if (change.current.length === 0) return;
  // A time that only moves on is no change of the value that counts.
  await tx.execute(sql`
    update labels l set value = incoming.value, event_time = incoming.known_at,
      changed_at = case when l.value = incoming.value then l.changed_at else ${at.toISOString()}::timestamptz end
    from ${unnested(change.current)}
    where l.project_id = ${projectId} and l.request_id = incoming.id and l."row" = incoming."row"`);
}

async function addCorrections(
  tx: Transaction,
  { projectId, sentBy, at }: Sender,
  corrections: readonly IncomingLabel[],
): Promise<void> {
  const ids = textArray(corrections.map(() => newId()));
  await tx.execute(sql`
    insert into label_corrections (id, project_id, request_id, "row", value, event_time, received_at, sent_by)
    select made.id, ${projectId}, incoming.id, incoming."row", incoming.value, incoming.known_at,
           ${at.toISOString()}::timestamptz, ${sentBy}::uuid
    from (select *, row_number() over () as at from ${unnested(corrections)}) as incoming
    join unnest(${ids}::uuid[]) with ordinality as made(id, at) using (at)`);
  await tx.execute(sql`
    update labels l set corrections = l.corrections + added.count
    from (select id, "row", count(*)::int as count from ${unnested(corrections)} group by 1, 2) as added
    where l.project_id = ${projectId} and l.request_id = added.id and l."row" = added."row"`);
}
