import { and, eq, like } from "drizzle-orm";
import { describe, expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { experimentRuns } from "@/db/schema/experiments";
import { feedbackEvents, feedbackItems } from "@/db/schema/feedback";
import { lineageEdges, lineageNodes } from "@/db/schema/lineage";
import { newId } from "../ids";
import { firingAlert, watchedModel } from "../testing/feedback";
import { registerFixture } from "../testing/models";
import { loggedRun } from "../testing/reviews";
import { type Member, test, World } from "../testing/world";
import { answerItem } from "./answer-item";

const REQUEST = { kind: "F1", title: "Wind in knots", body: "The unit changes in 2012." } as const;

async function request(world: World, sender: Member) {
  return sender.api.feedback.create({ projectId: world.project.id, ...REQUEST });
}

async function snapshot(world: World) {
  const { db, project } = world;
  return {
    items: await db.select().from(feedbackItems).where(eq(feedbackItems.projectId, project.id)),
    events: await db.select().from(feedbackEvents).where(eq(feedbackEvents.projectId, project.id)),
  };
}

describe("a data request by hand", () => {
  test("goes to the data engineer, who accepts it and closes it with what resolved it", async ({ world }) => {
    const projectId = world.project.id;
    const [scientist, engineer] = [await world.member("R3"), await world.member("R4")];
    const { id, number } = await request(world, scientist);
    const { feedback: waiting } = await engineer.api.notifications.waiting();
    expect(waiting.map((item) => item.number)).toEqual([number]);
    expect((await scientist.api.notifications.waiting()).feedback).toEqual([]);

    await engineer.api.feedback.answer({ projectId, itemId: id, answer: "accept", comment: "Next week." });
    expect((await engineer.api.notifications.waiting()).feedback).toEqual([]);
    const told = await scientist.api.notifications.waiting();
    expect(told.notices.map((notice) => [notice.kind, notice.target])).toEqual([
      ["feedback.answered", { screen: "feedbackItem", number }],
    ]);

    const model = await registerFixture(world, {});
    await engineer.api.feedback.complete({
      projectId,
      itemId: id,
      resolution: { kind: "model_version", id: model.id },
    });
    const page = await scientist.api.feedback.get({ projectId, number });
    expect(page).toMatchObject({
      state: "done",
      createdByName: scientist.name,
      answeredByName: engineer.name,
      resolution: { kind: "model_version", label: "seattle-rain v1" },
      retraining: null,
    });
    expect(page.events.map((event) => event.kind)).toEqual(["opened", "accepted", "done"]);
  });

  test("is declined with a reason, and then nothing moves it", async ({ world }) => {
    const projectId = world.project.id;
    const [scientist, engineer] = [await world.member("R3"), await world.member("R4")];
    const { id, number } = await request(world, scientist);
    await engineer.api.feedback.answer({ projectId, itemId: id, answer: "decline", reason: "It is in knots already." });
    expect(await scientist.api.feedback.get({ projectId, number })).toMatchObject({
      state: "declined",
      declineReason: "It is in knots already.",
    });
    const before = await snapshot(world);
    await expect(engineer.api.feedback.answer({ projectId, itemId: id, answer: "accept" })).rejects.toThrow(
      "declined already",
    );
    expect(await snapshot(world)).toEqual(before);
  });

  test("answered by the wrong role: refused, an audit row, the data unchanged", async ({ world }) => {
    const projectId = world.project.id;
    const scientist = await world.member("R3");
    const { id } = await request(world, scientist);
    const before = await snapshot(world);
    for (const role of ["R1", "R2", "R3", "R5", "R6", "R7"] as const) {
      const member = await world.member(role);
      await expect(member.api.feedback.answer({ projectId, itemId: id, answer: "accept" })).rejects.toMatchObject({
        code: "FORBIDDEN",
      });
      const rows = await world.db
        .select({ summary: auditEvents.summary })
        .from(auditEvents)
        .where(and(eq(auditEvents.actorId, member.id), eq(auditEvents.action, "feedback.answer_refused")));
      expect(rows).toEqual([{ summary: expect.stringMatching(/needs the role data engineer/) }]);
    }
    expect(await snapshot(world)).toEqual(before);
  });

  test("two answers at once: one counts", async ({ world }) => {
    const projectId = world.project.id;
    const people = [await world.member("R4"), await world.member("R4")];
    const { id } = await request(world, await world.member("R3"));
    const answers = await Promise.allSettled(
      people.map((person) => person.api.feedback.answer({ projectId, itemId: id, answer: "accept" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const audited = await world.db.$count(
      auditEvents,
      and(eq(auditEvents.entityId, id), like(auditEvents.action, "feedback.accepted")),
    );
    expect(audited).toBe(1);
  });

  test("a token without the scope to sign does not answer", async ({ world }) => {
    const engineer = await world.member("R4");
    const { id } = await request(world, await world.member("R3"));
    const scope = await engineer.scope("feedback.create");
    const token = { tokenId: newId(), projectId: null, scopes: ["read", "write"] as const };
    const actor = { ...engineer.actor, kind: "person" as const, sessionId: null, token };
    const act = answerItem(world.ctx, { ...scope, actor } as typeof scope, {
      itemId: id,
      answer: "accept",
      comment: "",
    });
    await expect(act).rejects.toMatchObject({ reason: "token_scope" });
  });

  test("a stranger finds neither list nor item, and an item of elsewhere is not found", async ({ world, service }) => {
    const elsewhere = await World.create(service);
    const { id, number } = await request(world, await world.member("R3"));
    const stranger = await elsewhere.member("R3", "R4");
    const notFound = expect.objectContaining({ code: "NOT_FOUND" });
    await expect(stranger.api.feedback.list({ projectId: world.project.id })).rejects.toEqual(notFound);
    const theirs = { projectId: elsewhere.project.id };
    await expect(stranger.api.feedback.get({ ...theirs, number })).rejects.toEqual(notFound);
    await expect(stranger.api.feedback.answer({ ...theirs, itemId: id, answer: "accept" })).rejects.toEqual(notFound);
    await expect(stranger.api.feedback.comment({ ...theirs, itemId: id, text: "Hello" })).rejects.toEqual(notFound);
  });

  test("is not closed by something of another project, nor before it was accepted", async ({ world, service }) => {
    const projectId = world.project.id;
    const engineer = await world.member("R4");
    const { id } = await request(world, await world.member("R3"));
    const foreign = await registerFixture(await World.create(service), {});
    const own = await registerFixture(world, {});
    const complete = (model: string) =>
      engineer.api.feedback.complete({ projectId, itemId: id, resolution: { kind: "model_version", id: model } });
    await expect(complete(own.id)).rejects.toThrow("Accept the item first");
    await engineer.api.feedback.answer({ projectId, itemId: id, answer: "accept" });
    await expect(complete(foreign.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await complete(own.id);
  });

  test("a run that failed closes nothing, and what is older than the item did not come of it", async ({ world }) => {
    const projectId = world.project.id;
    const engineer = await world.member("R4");
    const older = await registerFixture(world, {});
    const { id } = await request(world, await world.member("R3"));
    await engineer.api.feedback.answer({ projectId, itemId: id, answer: "accept" });
    const run = await loggedRun(world, engineer);
    await world.db.update(experimentRuns).set({ status: "FAILED" }).where(eq(experimentRuns.id, run));
    const complete = (resolution: { kind: "experiment_run" | "model_version"; id: string }) =>
      engineer.api.feedback.complete({ projectId, itemId: id, resolution });
    await expect(complete({ kind: "experiment_run", id: run })).rejects.toThrow("did not succeed");
    await complete({ kind: "model_version", id: older.id });
    const edges = await world.db
      .select({ to: lineageNodes.reference })
      .from(lineageEdges)
      .innerJoin(lineageNodes, eq(lineageNodes.id, lineageEdges.toId))
      .where(and(eq(lineageEdges.projectId, projectId), eq(lineageEdges.kind, "triggered")));
    expect(edges).toEqual([]);
  });
});

test("a comment tells whom it mentions, and nobody else", async ({ world }) => {
  const projectId = world.project.id;
  const [scientist, engineer] = [await world.member("R3"), await world.member("R4")];
  const { id, number } = await request(world, scientist);
  await scientist.api.feedback.comment({
    projectId,
    itemId: id,
    text: `@${engineer.name} and @${scientist.name}: see?`,
  });
  const { notices } = await engineer.api.notifications.waiting();
  expect(notices).toMatchObject([{ kind: "feedback.mentioned", target: { screen: "feedbackItem", number } }]);
  expect((await scientist.api.notifications.waiting()).notices).toEqual([]);
  const page = await engineer.api.feedback.get({ projectId, number });
  expect(page.events.map(({ kind, by }) => [kind, by])).toEqual([
    ["opened", scientist.name],
    ["commented", scientist.name],
  ]);
});

test("what a check warned of is reported by hand to the data engineer; a decline in quality is not", async ({
  world,
}) => {
  const projectId = world.project.id;
  const mlEngineer = await world.member("R7");
  const model = await watchedModel(world, mlEngineer);
  const report = (checkId: string, kind: "F1" | "F4" = "F4") =>
    mlEngineer.api.feedback.create({
      projectId,
      kind,
      title: "Wind drifts",
      origin: { kind: "monitor_check", checkId },
    });
  const { checkId: quality } = await firingAlert(world, model);
  await expect(report(quality)).rejects.toThrow("reported by its alert");
  const { checkId: inputs } = await firingAlert(world, model, { kind: "inputs", isResolved: true });
  await expect(report(inputs, "F1")).rejects.toMatchObject({ code: "BAD_REQUEST" });
  const { number } = await report(inputs);
  expect(await mlEngineer.api.feedback.get({ projectId, number })).toMatchObject({
    kind: "F4",
    receivers: ["R4"],
    origin: { kind: "monitor_check", warnings: ["PSI of wind is 0.4."] },
  });
});

test("the list filters by state, arrow and what is mine, and its counts agree", async ({ world }) => {
  const projectId = world.project.id;
  const [scientist, engineer] = [await world.member("R3"), await world.member("R4")];
  const first = await request(world, scientist);
  const idea = await engineer.api.feedback.create({ projectId, kind: "F2", title: "Rolling mean of wind" });
  await engineer.api.feedback.answer({ projectId, itemId: first.id, answer: "accept" });
  const numbers = async (member: Member, filter: object) =>
    (await member.api.feedback.list({ projectId, ...filter })).items.map((item) => item.number);
  expect(await numbers(scientist, {})).toEqual([idea.number, first.number]);
  expect(await numbers(scientist, { state: ["open"] })).toEqual([idea.number]);
  expect(await numbers(scientist, { kind: ["F1"] })).toEqual([first.number]);
  expect(await numbers(await world.member("R1"), { mine: true })).toEqual([]);
  expect(await numbers(await world.member("R4"), { mine: true })).toEqual([first.number]);
  const counts = await scientist.api.feedback.counts({ projectId });
  expect(counts.states.filter(({ count }) => count > 0)).toEqual([
    { state: "open", count: 1 },
    { state: "accepted", count: 1 },
  ]);
});
