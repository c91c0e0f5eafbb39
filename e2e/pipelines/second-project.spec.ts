import { readFileSync } from "node:fs";
import { meaningsFor } from "@/domain/approvals/meanings";
import { expect, test } from "../fixtures";
import type { Demonstration } from "../people";
import { makeShell } from "./command-line";
import { ask, makeProject, type OwnProject } from "./own-project";

type Cast = "maker" | "engineer" | "stakeholder";
type Shown = {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly evidence: {
    readonly digest: string;
    readonly record: { readonly results: readonly { readonly title: string; readonly verdict: string }[] };
  } | null;
  readonly policy: { readonly name: string };
};

/** The blocks of one section of the document that are meant to be run, in their order. */
function blocksOf(document: string, section: number, kinds: readonly string[]): string[] {
  const from = document.indexOf(`\n## ${section}. `);
  const text = document.slice(from, document.indexOf("\n## ", from + 1) + 1 || undefined);
  return [...text.matchAll(/```sh (\w+)\n([\s\S]*?)```/g)].flatMap(([, kind = "", lines = ""]) =>
    kinds.includes(kind) ? [lines] : [],
  );
}

async function shown(demo: Demonstration, project: OwnProject<Cast>, number: number): Promise<Shown> {
  return ask<Shown>(demo, project.people.engineer.token, "promotions.get", { projectId: project.id, number }, "query");
}

/** Proposes as the maker, signs as the others, and waits until the deployment has followed by itself. */
async function promote(
  demo: Demonstration,
  project: OwnProject<Cast>,
  wanted: {
    readonly environment: "staging" | "production";
    readonly signers: readonly (readonly [Cast, "R1" | "R7"])[];
  },
): Promise<void> {
  const projectId = project.id;
  const { maker } = project.people;
  const [candidate] = await ask<{ modelVersionId: string }[]>(
    demo,
    maker.token,
    "promotions.candidates",
    { projectId },
    "query",
  );
  const { number } = await ask<{ number: number }>(demo, maker.token, "promotions.propose", {
    projectId,
    modelVersionId: candidate?.modelVersionId,
    environment: wanted.environment,
  });
  const stateOf = async () => (await shown(demo, project, number)).state;
  await expect.poll(stateOf, { timeout: 60_000 }).toBe("waiting");
  for (const [who, asRole] of wanted.signers) {
    const { id, evidence, policy } = await shown(demo, project, number);
    expect(
      evidence?.record.results.filter((result) => result.verdict === "fail" || result.verdict === "error"),
    ).toEqual([]);
    const [meaning] = meaningsFor("promotion", asRole);
    await ask(demo, project.people[who].token, "promotions.sign", {
      projectId,
      promotionId: id,
      asRole,
      evidenceDigest: evidence?.digest,
      policyVersion: policy.name,
      meaning,
    });
  }
  await expect.poll(stateOf, { timeout: 60_000 }).toBe("deployed");
}

test("a project of one's own goes from a CSV file to production by the document alone", async ({ demo }) => {
  test.setTimeout(300_000);
  const document = readFileSync("docs/second-project.md", "utf8");
  const project = await makeProject(demo, "Pumps", {
    maker: ["R3", "R4", "R6"],
    engineer: ["R7"],
    stakeholder: ["R1"],
  });
  const { maker, engineer, stakeholder } = project.people;
  const projectId = project.id;
  await ask(demo, stakeholder.token, "projects.stateProblem", {
    projectId,
    goal: "Pumps are replaced before they fail",
    kpiName: "Failures seen coming",
    kpiUnit: "%",
    kpiBaseline: 50,
    kpiTarget: 70,
  });
  await ask(demo, maker.token, "projects.defineMlProblem", {
    projectId,
    task: "binary_classification",
    target: "failed = 1",
    predictionUnit: "one pump",
    metric: "accuracy",
    acceptanceThreshold: 0.7,
    rationale: "The KPI counts pumps called right.",
  });

  const shell = makeShell(demo, maker.token);
  for (const section of [3, 4, 5]) {
    for (const lines of blocksOf(document, section, ["setup", "run"])) {
      const { code, output } = await shell.lines(
        lines.replace("run logs 1 ", `run logs ${await newestRun(demo, project)} `),
      );
      expect(code, output).toBe(0);
    }
  }

  const holdout = await ask<{ versions: { id: string }[] }>(
    demo,
    maker.token,
    "data.byName",
    { projectId, name: "pumps-holdout" },
    "query",
  );
  for (const environment of ["staging", "production"] as const) {
    await ask(demo, engineer.token, "promotions.publishPolicy", {
      projectId,
      environment,
      holdoutDatasetVersionId: holdout.versions[0]?.id,
      target: "failed = 1",
      metric: "accuracy",
      mlProblemVersion: 1,
    });
  }
  await promote(demo, project, { environment: "staging", signers: [["engineer", "R7"]] });
  await promote(demo, project, {
    environment: "production",
    signers: [
      ["engineer", "R7"],
      ["stakeholder", "R1"],
    ],
  });

  const [predict = ""] = blocksOf(document, 8, ["predict"]);
  await expect.poll(async () => (await shell.lines(predict)).code, { timeout: 15_000 }).toBe(0);
  const { answer } = await shell.lines(predict);
  const labels = (JSON.parse(answer) as { predictions: { label: number }[] }).predictions.map(({ label }) => label);
  expect(labels).toEqual([1, 0]);
});

/** The document's project is new, so its run is #1; numbers are shared with promotions in one that is not. */
async function newestRun(demo: Demonstration, project: OwnProject<Cast>): Promise<number> {
  const { runs } = await ask<{ runs: { number: number }[] }>(
    demo,
    project.people.maker.token,
    "pipelines.runs",
    { projectId: project.id },
    "query",
  );
  return runs[0]?.number ?? 1;
}
