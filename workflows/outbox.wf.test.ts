import { WorkflowNotFoundError } from "@temporalio/client";
import { asc, eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import { deployments } from "@/db/schema/deployments";
import { outbox } from "@/db/schema/outbox";
import { pipelineRuns } from "@/db/schema/pipelines";
import { deploymentWorkflowId } from "@/domain/deployments/workflow";
import type { OutboxMessage } from "@/domain/outbox";
import { pipelineRunWorkflowId } from "@/domain/pipelines/workflow";
import { newId } from "@/server/ids";
import { enqueue } from "@/server/outbox/enqueue";
import { reconcileOnce } from "@/server/outbox/reconciler";
import { relayOnce, startRelay } from "@/server/outbox/relay";
import { openTemporalClient, type TemporalClient } from "@/server/outbox/temporal-client";
import { registerFixture } from "@/server/testing/models";
import { Deployments } from "@/server/testing/serving";
import { type Member, test, type World } from "@/server/testing/world";
import { onTestServer, pushFiles } from "./testing/host";

let temporal: TemporalClient;
beforeAll(() => {
  temporal = openTemporalClient({
    temporal: {
      address: process.env.COUNTERSIGN_TEST_TEMPORAL_ADDRESS ?? "",
      namespace: "default",
      taskQueue: "unused",
    },
  });
});
afterAll(() => temporal.close());

/** Messages about a workflow that no worker serves: it stays open until it is terminated. */
const message = (act: OutboxMessage["act"], id: string): OutboxMessage => ({
  act,
  workflow: "pipelineRunWorkflow",
  workflowId: pipelineRunWorkflowId(id),
  input: { runId: id },
});

function describeRun(id: string) {
  return temporal.client.workflow.getHandle(pipelineRunWorkflowId(id)).describe();
}

const executor = { run: () => Promise.reject(new Error("unused")), killLeftover: () => Promise.resolve() };

async function startedRun(world: World, member: Member) {
  const { pipelineId } = await pushFiles(world, member, {
    "pipeline.yaml": "name: waits\nkind: development\nsteps:\n  a: { shell: 'true' }\n",
  });
  const { runId } = await member.api.pipelines.start({ projectId: world.project.id, pipelineId });
  await world.db
    .update(pipelineRuns)
    .set({ createdAt: sql`now() - interval '1 minute'` })
    .where(eq(pipelineRuns.id, runId));
  return runId;
}

describe("the relay", () => {
  test("two relays at once deliver each message once, and starting again is success", async ({ service }) => {
    const ctx = onTestServer(service);
    const ids = Array.from({ length: 20 }, newId);
    for (const id of [...ids, ...ids]) await enqueue(ctx.db, message("start", id), "test");
    const relays = await Promise.all([startRelay(ctx, temporal.client), startRelay(ctx, temporal.client)]);
    const mine = inArray(sql`${outbox.message} ->> 'workflowId'`, ids.map(pipelineRunWorkflowId));
    await vi.waitFor(async () => expect(await ctx.db.$count(outbox, sql`${mine} and delivered_at is null`)).toBe(0), {
      timeout: 20_000,
    });
    await Promise.all(relays.map((relay) => relay.stop()));
    const rows = await ctx.db.select().from(outbox).where(mine);
    expect(rows.map((row) => row.attempts)).toEqual(Array(40).fill(0));
    for (const id of ids) expect((await describeRun(id)).status.name).toBe("RUNNING");
    for (const id of ids) await temporal.client.workflow.getHandle(pipelineRunWorkflowId(id)).terminate();
  });

  test("a cancel waits for the start before it; a nudge starts what is missing", async ({ service }) => {
    const ctx = onTestServer(service);
    const [cancelled, nudged] = [newId(), newId()];
    await enqueue(ctx.db, message("start", cancelled), "test");
    await enqueue(ctx.db, message("cancel", cancelled), "test");
    await enqueue(ctx.db, message("nudge", nudged), "test");
    for (let taken = 1; taken > 0; ) taken = await relayOnce(ctx, temporal.client);
    const history = await temporal.client.workflow.getHandle(pipelineRunWorkflowId(cancelled)).fetchHistory();
    expect(history.events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
    expect((await describeRun(nudged)).status.name).toBe("RUNNING");
    for (const id of [cancelled, nudged])
      await temporal.client.workflow.getHandle(pipelineRunWorkflowId(id)).terminate();
  });

  test("while Temporal cannot be reached a message waits with growing delay, and is delivered afterwards", async ({
    service,
  }) => {
    const ctx = onTestServer(service);
    const away = openTemporalClient({
      temporal: { address: "127.0.0.1:1", namespace: "default", taskQueue: "unused" },
    });
    const id = newId();
    await enqueue(ctx.db, message("start", id), "test");
    await relayOnce(ctx, away.client);
    const [waiting] = await ctx.db
      .select()
      .from(outbox)
      .orderBy(asc(outbox.id))
      .where(sql`message ->> 'workflowId' = ${pipelineRunWorkflowId(id)}`);
    expect(waiting).toMatchObject({ attempts: 1, deliveredAt: null });
    expect(waiting?.lastError).toBeTruthy();
    await away.close();
    await vi.waitFor(
      async () => {
        await relayOnce(ctx, temporal.client);
        expect((await describeRun(id)).status.name).toBe("RUNNING");
      },
      { timeout: 10_000 },
    );
    await temporal.client.workflow.getHandle(pipelineRunWorkflowId(id)).terminate();
  }, 40_000);
});

describe("the reconciler", () => {
  test("starts a run whose start was lost, twice at once without harm", async ({ world, service }) => {
    const ctx = onTestServer(service);
    const runId = await startedRun(world, await world.member("R7"));
    await expect(describeRun(runId)).rejects.toThrow(WorkflowNotFoundError);
    await Promise.all([
      reconcileOnce({ ctx, client: temporal.client, executor }),
      reconcileOnce({ ctx, client: temporal.client, executor }),
    ]);
    expect((await describeRun(runId)).status.name).toBe("RUNNING");
    await temporal.client.workflow.getHandle(pipelineRunWorkflowId(runId)).terminate();
  });

  test("fails a run whose workflow was terminated, and one whose workflow is gone, with the reason", async ({
    world,
    service,
  }) => {
    const ctx = onTestServer(service);
    const member = await world.member("R7");
    const [terminated, gone, stopping] = [
      await startedRun(world, member),
      await startedRun(world, member),
      await startedRun(world, member),
    ];
    await ctx.db
      .delete(outbox)
      .where(inArray(sql`message ->> 'workflowId'`, [gone, stopping].map(pipelineRunWorkflowId)));
    await relayUntilDelivered(ctx, terminated);
    await temporal.client.workflow.getHandle(pipelineRunWorkflowId(terminated)).terminate();
    await ctx.db
      .update(pipelineRuns)
      .set({ state: "running" })
      .where(inArray(pipelineRuns.id, [terminated, gone]));
    await ctx.db.update(pipelineRuns).set({ state: "cancelling" }).where(eq(pipelineRuns.id, stopping));
    await reconcileOnce({ ctx, client: temporal.client, executor });
    const rows = await ctx.db
      .select()
      .from(pipelineRuns)
      .where(inArray(pipelineRuns.id, [terminated, gone, stopping]));
    const byId = new Map(rows.map((row) => [row.id, [row.state, row.reason]]));
    expect(byId.get(terminated)).toEqual(["failed", "Its workflow was terminated from outside."]);
    expect(byId.get(gone)).toEqual(["failed", "Its workflow was lost."]);
    expect(byId.get(stopping)).toEqual(["cancelled", null]);
  });

  test("a run that cannot be mended holds up neither the next one nor the pruning", async ({ world, service }) => {
    const ctx = onTestServer(service);
    const member = await world.member("R7");
    const [stuck, lost] = [await startedRun(world, member), await startedRun(world, member)];
    await ctx.db.delete(outbox).where(inArray(sql`message ->> 'workflowId'`, [stuck, lost].map(pipelineRunWorkflowId)));
    await ctx.db
      .update(pipelineRuns)
      .set({ state: "running" })
      .where(inArray(pipelineRuns.id, [stuck, lost]));
    await ctx.db
      .update(pipelineRuns)
      .set({ createdAt: sql`now() - interval '1 hour'` })
      .where(eq(pipelineRuns.id, stuck));
    const [old] = await ctx.db
      .insert(outbox)
      .values({ message: message("nudge", newId()), deliveredAt: sql`now() - interval '8 days'` })
      .returning({ id: outbox.id });
    await ctx.sql.unsafe(
      `create trigger stuck_run before update on pipeline_runs for each row when (old.id = '${stuck}') execute function refuse_change()`,
    );
    await reconcileOnce({ ctx, client: temporal.client, executor });
    await ctx.sql.unsafe("drop trigger stuck_run on pipeline_runs");
    const rows = await ctx.db
      .select({ id: pipelineRuns.id, state: pipelineRuns.state })
      .from(pipelineRuns)
      .where(inArray(pipelineRuns.id, [stuck, lost]));
    expect(new Map(rows.map((row) => [row.id, row.state]))).toEqual(
      new Map([
        [stuck, "running"],
        [lost, "failed"],
      ]),
    );
    expect(await ctx.db.$count(outbox, eq(outbox.id, old?.id ?? 0))).toBe(0);
    await reconcileOnce({ ctx, client: temporal.client, executor });
    const [mended] = await ctx.db.select().from(pipelineRuns).where(eq(pipelineRuns.id, stuck));
    expect(mended?.state).toBe("failed");
  });

  test("starts a rollback whose workflow was lost or ended, and leaves a promotion's deployment to its promotion", async ({
    world,
    service,
  }) => {
    const ctx = onTestServer(service);
    const model = await registerFixture(world, {});
    const made = new Deployments(world);
    const [rollback, promoted, fresh] = [
      await made.create(model, "pending", "production"),
      await made.create(model, "pending", "staging"),
      await made.create(await registerFixture(world, { name: "another" }), "pending", "staging"),
    ];
    const standing = (id: string) => temporal.client.workflow.getHandle(deploymentWorkflowId(id)).describe();
    const minuteAgo = sql`now() - interval '1 minute'`;
    await ctx.db
      .update(deployments)
      .set({ kind: "rollback" })
      .where(inArray(deployments.id, [rollback, fresh]));
    await ctx.db
      .update(deployments)
      .set({ createdAt: minuteAgo })
      .where(inArray(deployments.id, [rollback, promoted]));
    await Promise.all([
      reconcileOnce({ ctx, client: temporal.client, executor }),
      reconcileOnce({ ctx, client: temporal.client, executor }),
    ]);
    const first = await standing(rollback);
    expect(first.status.name).toBe("RUNNING");
    for (const other of [promoted, fresh]) await expect(standing(other)).rejects.toThrow(WorkflowNotFoundError);

    await temporal.client.workflow.getHandle(deploymentWorkflowId(rollback)).terminate();
    await reconcileOnce({ ctx, client: temporal.client, executor });
    const second = await standing(rollback);
    expect(second.status.name).toBe("RUNNING");
    expect(second.runId).not.toBe(first.runId);

    await ctx.db.update(deployments).set({ state: "failed" }).where(eq(deployments.id, rollback));
    await temporal.client.workflow.getHandle(deploymentWorkflowId(rollback)).terminate();
    await reconcileOnce({ ctx, client: temporal.client, executor });
    expect((await standing(rollback)).status.name).toBe("TERMINATED");
  });
});

async function relayUntilDelivered(ctx: Parameters<typeof relayOnce>[0], runId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      await relayOnce(ctx, temporal.client);
      expect((await describeRun(runId)).status.name).toBe("RUNNING");
    },
    { timeout: 10_000 },
  );
}
