import { and, eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { feedbackEvents, feedbackItems, retrainingPolicies, retrainingTriggers } from "@/db/schema/feedback";
import { outbox } from "@/db/schema/outbox";
import { pipelineRuns } from "@/db/schema/pipelines";
import type { RetrainingMode } from "@/domain/feedback/status";
import { newId } from "../ids";
import { firingAlert, pushDefinition, RETRAIN_DEFINITION, watchedModel } from "../testing/feedback";
import { type Member, test, World } from "../testing/world";
import { routeAlert } from "./route-alert";

type Options = { readonly mode?: RetrainingMode; readonly cooldownDays?: number; readonly budgetRuns?: number };

/** A watched model with its people and, unless `policy` is null, a retraining policy. */
async function scene(world: World, policy: Options | null = {}) {
  const [scientist, mlEngineer] = [await world.member("R3"), await world.member("R7")];
  const model = await watchedModel(world, mlEngineer);
  const { pipelineId } = await pushDefinition(world, mlEngineer);
  const base = { projectId: world.project.id, modelId: model.modelId, pipelineId };
  const save = (options: Options, baseVersion: number) =>
    mlEngineer.api.feedback.saveRetrainingPolicy({ ...base, mode: "at_once", ...options, baseVersion });
  if (policy) await save(policy, 0);
  return { projectId: world.project.id, scientist, mlEngineer, model, pipelineId, save };
}

async function written(world: World) {
  const { db, project } = world;
  const [items, triggers, runs] = await Promise.all([
    db.select().from(feedbackItems).where(eq(feedbackItems.projectId, project.id)),
    db.select().from(retrainingTriggers).where(eq(retrainingTriggers.projectId, project.id)),
    db.select().from(pipelineRuns).where(eq(pipelineRuns.projectId, project.id)),
  ]);
  return { items, triggers, runs };
}

async function itemOf(world: World, member: Member) {
  const [item] = (await written(world)).items;
  return member.api.feedback.get({ projectId: world.project.id, number: item?.number ?? 0 });
}

describe("routing an alert", () => {
  test("opens the finding with the alert's figures and starts the run as nobody", async ({ world }) => {
    const { scientist, projectId, model } = await scene(world);
    const alert = await firingAlert(world, model);
    const routed = await routeAlert(world.ctx, alert);
    const { items, triggers, runs } = await written(world);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      kind: "F3",
      state: "open",
      receivers: ["R3"],
      createdBy: null,
      title: `Accuracy of ${model.name} v1 at 0.576 in 2013 Q4`,
      origin: {
        kind: "alert",
        alertNumber: alert.number,
        figures: { value: 0.576, limit: 0.65, history: [{ value: 0.576, low: 0.47, high: 0.676, n: 92 }] },
      },
    });
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      id: routed.runId,
      startedBy: null,
      trigger: `Retraining policy v1 after alert #${alert.number}`,
      parameters: { first_day: "2012-10-01", last_day: "2013-09-30" },
    });
    expect(triggers).toHaveLength(1);
    expect(triggers[0]).toMatchObject({ decision: "started", runId: routed.runId, heldBackReason: null });
    const waiting = await scientist.api.notifications.waiting();
    expect(waiting.feedback.map((item) => item.number)).toEqual([items[0]?.number]);
    const lineage = await scientist.api.lineage.get({
      projectId,
      kind: "pipeline_run",
      reference: routed.runId ?? "",
      direction: "upstream",
    });
    expect(lineage.nodes.map((node) => node.kind)).toEqual(
      expect.arrayContaining(["pipeline_run", "retraining_trigger", "feedback_item", "alert"]),
    );
    const cause = await scientist.api.feedback.causeOfRun({ projectId, runId: routed.runId ?? "" });
    expect(cause).toMatchObject({ alert: alert.number, item: items[0]?.number });
  });

  test("many callers at once and again afterwards: one item, one trigger, one run, one start", async ({ world }) => {
    const { model } = await scene(world);
    const alert = await firingAlert(world, model);
    const routed = await Promise.all([1, 2, 3, 4, 5].map(() => routeAlert(world.ctx, alert)));
    const again = await routeAlert(world.ctx, alert);
    expect(new Set(routed.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(again)]));
    const { items, triggers, runs } = await written(world);
    expect([items.length, triggers.length, runs.length]).toEqual([1, 1, 1]);
    const starts = (await world.db.select().from(outbox)).filter(({ message }) =>
      message.workflowId.endsWith(again.runId ?? "none"),
    );
    expect(starts).toHaveLength(1);
  });

  test("an alert on what came in goes to the data engineer and retrains nothing", async ({ world }) => {
    const { model } = await scene(world);
    await routeAlert(world.ctx, await firingAlert(world, model, { kind: "inputs" }));
    const { items, triggers, runs } = await written(world);
    expect(items[0]).toMatchObject({ kind: "F4", receivers: ["R4"] });
    expect(triggers[0]).toMatchObject({ decision: "held_back", heldBackReason: "not_quality" });
    expect(runs).toEqual([]);
  });

  test("an alert of another project is not found", async ({ world, service }) => {
    const { model } = await scene(world);
    const alert = await firingAlert(world, model);
    const elsewhere = await World.create(service);
    const act = routeAlert(world.ctx, { ...alert, projectId: elsewhere.project.id });
    await expect(act).rejects.toMatchObject({ code: "not_found" });
    expect((await written(world)).items).toEqual([]);
  });
});

describe("what holds a retraining back is recorded with its reason", () => {
  test("no policy; started by hand it still needs one, then it is the person's run", async ({ world }) => {
    const { projectId, model, scientist, save } = await scene(world, null);
    const { triggerId } = await routeAlert(world.ctx, await firingAlert(world, model));
    expect((await written(world)).triggers[0]).toMatchObject({
      heldBackReason: "no_policy",
      reason: "The model has no retraining policy.",
    });
    const start = (member: Member) =>
      member.api.feedback.startRetraining({ projectId, triggerId, reason: "The season is on." });
    await expect(start(scientist)).rejects.toThrow("no retraining policy yet");
    await save({}, 0);
    await expect(start(await world.member("R4"))).rejects.toMatchObject({ code: "FORBIDDEN" });
    const starts = await Promise.allSettled([start(scientist), start(scientist)]);
    expect(starts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { runs, triggers } = await written(world);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ startedBy: scientist.id, trigger: "person" });
    expect(triggers[0]).toMatchObject({ decision: "started", startedBy: scientist.id });
  });

  test("cool-down, then the budget", async ({ world }) => {
    const { model, save } = await scene(world, { cooldownDays: 1, budgetRuns: 1 });
    await routeAlert(world.ctx, await firingAlert(world, model));
    const second = await routeAlert(world.ctx, await firingAlert(world, model, { quarter: 1, ...RESOLVED }));
    expect(second).toMatchObject({ decision: "held_back", runId: null });
    await save({ cooldownDays: 0, budgetRuns: 1 }, 1);
    await routeAlert(world.ctx, await firingAlert(world, model, { quarter: 2, ...RESOLVED }));
    const { triggers, runs } = await written(world);
    expect(triggers.map((trigger) => trigger.heldBackReason).sort()).toEqual(["budget", "cool_down", null]);
    expect(runs).toHaveLength(1);
  });

  test("two findings at once do not both spend the last run of the budget", async ({ world }) => {
    const { model } = await scene(world, { cooldownDays: 0, budgetRuns: 1 });
    const alerts = [
      await firingAlert(world, model),
      await firingAlert(world, model, { quarter: 1, ...RESOLVED }),
      await firingAlert(world, model, { quarter: 2, ...RESOLVED }),
    ];
    const routed = await Promise.all(alerts.map((alert) => routeAlert(world.ctx, alert)));
    expect(routed.map((each) => each.decision).sort()).toEqual(["held_back", "held_back", "started"]);
    expect((await written(world)).runs).toHaveLength(1);
  });

  test("a pipeline that lost its parameter", async ({ world }) => {
    const { model, mlEngineer } = await scene(world);
    await pushDefinition(world, mlEngineer, RETRAIN_DEFINITION.replaceAll("first_day", "from_day"));
    await routeAlert(world.ctx, await firingAlert(world, model));
    expect((await written(world)).triggers[0]).toMatchObject({
      heldBackReason: "cannot_start",
      reason: "The pipeline cannot be started. first_day: The definition has no parameter first_day.",
    });
  });
});

/** Only one alert of a monitor may be open: later ones stand beside resolved ones. */
const RESOLVED = { isResolved: true } as const;

describe("the data scientist's answer", () => {
  test("at once: the acceptance links the run that is there", async ({ world }) => {
    const { projectId, scientist, model } = await scene(world);
    const routed = await routeAlert(world.ctx, await firingAlert(world, model));
    await scientist.api.feedback.answer({ projectId, itemId: routed.itemId, answer: "accept" });
    const page = await itemOf(world, scientist);
    expect(page).toMatchObject({ state: "accepted", retraining: { decision: "started", run: { id: routed.runId } } });
    expect(page.events.map(({ kind }) => kind)).toEqual([
      "opened",
      "retraining_started",
      "accepted",
      "retraining_linked",
    ]);
    expect((await written(world)).runs).toHaveLength(1);
  });

  test("after acceptance: two acceptances at once start one run, in the policy's name", async ({ world }) => {
    const { projectId, scientist, model } = await scene(world, { mode: "after_acceptance" });
    const routed = await routeAlert(world.ctx, await firingAlert(world, model));
    expect(routed).toMatchObject({ decision: "held_back", runId: null });
    const other = await world.member("R3");
    const answers = await Promise.allSettled(
      [scientist, other].map((person) =>
        person.api.feedback.answer({ projectId, itemId: routed.itemId, answer: "accept" }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { runs, triggers } = await written(world);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ startedBy: null, trigger: expect.stringMatching(/^Retraining policy v1/) });
    expect(triggers[0]).toMatchObject({ decision: "started", runId: runs[0]?.id, startedBy: null });
  });

  test("after acceptance: a declined finding starts nothing", async ({ world }) => {
    const { projectId, scientist, model } = await scene(world, { mode: "after_acceptance" });
    const { itemId } = await routeAlert(world.ctx, await firingAlert(world, model));
    await scientist.api.feedback.answer({ projectId, itemId, answer: "decline", reason: "A broken sensor." });
    const { runs, triggers } = await written(world);
    expect(runs).toEqual([]);
    expect(triggers[0]).toMatchObject({ decision: "held_back", heldBackReason: "declined" });
  });

  test("after acceptance by the wrong role: nothing changes", async ({ world }) => {
    const { projectId, mlEngineer, model } = await scene(world, { mode: "after_acceptance" });
    const { itemId } = await routeAlert(world.ctx, await firingAlert(world, model));
    const before = await written(world);
    const act = mlEngineer.api.feedback.answer({ projectId, itemId, answer: "accept" });
    await expect(act).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await written(world)).toEqual(before);
  });
});

describe("a retraining policy", () => {
  test("is saved by the ML engineer alone, version after version, each with its audit row", async ({ world }) => {
    const { projectId, model, pipelineId, save, scientist } = await scene(world);
    await save({ mode: "after_acceptance" }, 1);
    await expect(save({}, 1)).rejects.toThrow("another version");
    const input = { projectId, modelId: model.modelId, pipelineId, baseVersion: 2 };
    for (const role of ["R1", "R3", "R4", "R6"] as const) {
      const member = await world.member(role);
      await expect(member.api.feedback.saveRetrainingPolicy(input)).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    const [listed] = await scientist.api.feedback.retraining({ projectId });
    expect(listed?.policies.map((policy) => [policy.version, policy.rules.mode])).toEqual([
      [2, "after_acceptance"],
      [1, "at_once"],
    ]);
    const audited = await world.db.$count(
      auditEvents,
      and(eq(auditEvents.projectId, projectId), eq(auditEvents.action, "feedback.retraining_policy_saved")),
    );
    expect(audited).toBe(2);
  });

  test("neither a saved version nor a line of a timeline can be changed", async ({ world }) => {
    const { model } = await scene(world);
    await routeAlert(world.ctx, await firingAlert(world, model));
    const refused = expect.objectContaining({ cause: expect.objectContaining({ code: "23001" }) });
    const mine = eq(retrainingPolicies.projectId, world.project.id);
    await expect(world.db.update(retrainingPolicies).set({ digest: "0" }).where(mine)).rejects.toEqual(refused);
    await expect(world.db.delete(feedbackEvents).where(eq(feedbackEvents.projectId, world.project.id))).rejects.toEqual(
      refused,
    );
  });

  test("saved twice at once: one version", async ({ world }) => {
    const { save } = await scene(world, null);
    const saves = await Promise.allSettled([save({}, 0), save({}, 0)]);
    expect(saves.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await world.db.$count(retrainingPolicies, eq(retrainingPolicies.projectId, world.project.id))).toBe(1);
  });

  test("does not name what the pipeline or the project does not have", async ({ world, service }) => {
    const { projectId, mlEngineer, model, pipelineId } = await scene(world, null);
    const save = (change: object) =>
      mlEngineer.api.feedback.saveRetrainingPolicy({
        projectId,
        modelId: model.modelId,
        pipelineId,
        baseVersion: 0,
        ...change,
      });
    await expect(save({ firstDayParameter: "begin" })).rejects.toThrow("retrain has no parameter begin");
    await expect(save({ pipelineId: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const elsewhere = await scene(await World.create(service), null);
    await expect(save({ pipelineId: elsewhere.pipelineId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(save({ modelId: elsewhere.model.modelId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
