import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { meaningsFor } from "@/domain/approvals/meanings";
import { expect } from "../fixtures";
import { type Demonstration, type PersonRole, personIn } from "../people";
import { makeShell } from "../pipelines/command-line";
import { ask } from "../pipelines/own-project";

/** Who of the demonstration takes part in the test's own project, and as what. */
const CAST = {
  R3: ["R3", "R4", "R6"],
  R4: ["R4"],
  R5: ["R5"],
  R7: ["R7"],
  R1: ["R1"],
} as const satisfies Partial<Record<PersonRole, readonly string[]>>;
type Role = keyof typeof CAST;

export type OwnModel = {
  readonly id: string;
  readonly slug: string;
  readonly model: string;
  readonly version: number;
  readonly modelVersionId: string;
  readonly tokens: Readonly<Record<Role, string>>;
};

/** The blocks of one section of the document that are meant to be run, in their order. */
function blocksOf(document: string, section: number): string[] {
  const from = document.indexOf(`\n## ${section}. `);
  const text = document.slice(from, document.indexOf("\n## ", from + 1) + 1 || undefined);
  return [...text.matchAll(/```sh (?:setup|run)\n([\s\S]*?)```/g)].map(([, lines = ""]) => lines);
}

async function makeProject(demo: Demonstration) {
  const admin = personIn(demo, "admin").token;
  const project = await ask<{ id: string; slug: string }>(demo, admin, "projects.create", {
    name: `Reviewed pumps ${randomBytes(4).toString("hex")}`,
    risk: "medium",
  });
  const tokens: [string, string][] = [];
  for (const [role, roles] of Object.entries(CAST)) {
    const { email, password } = personIn(demo, role as Role);
    await ask(demo, admin, "identity.invite", { projectId: project.id, email, roles });
    const { token } = await ask<{ token: string }>(demo, null, "identity.createTokenByPassword", {
      projectId: project.id,
      email,
      password,
      name: "review story",
      scopes: ["read", "write", "predict", "sign"],
      expiresInDays: 1,
    });
    tokens.push([role, token]);
  }
  return { ...project, tokens: Object.fromEntries(tokens) as OwnModel["tokens"] };
}

type Project = Awaited<ReturnType<typeof makeProject>>;

async function newestRun(demo: Demonstration, project: Project): Promise<number> {
  const { runs } = await ask<{ runs: { number: number }[] }>(
    demo,
    project.tokens.R3,
    "pipelines.runs",
    { projectId: project.id },
    "query",
  );
  return runs[0]?.number ?? 1;
}

/** Data, pipeline and first version by the document for a project of one's own, and the policies. */
async function trainAndPublish(demo: Demonstration, project: Project): Promise<void> {
  const projectId = project.id;
  const { tokens } = project;
  await ask(demo, tokens.R1, "projects.stateProblem", {
    projectId,
    goal: "Pumps are replaced before they fail",
    kpiName: "Failures seen coming",
    kpiUnit: "%",
    kpiBaseline: 50,
    kpiTarget: 70,
  });
  await ask(demo, tokens.R3, "projects.defineMlProblem", {
    projectId,
    task: "binary_classification",
    target: "failed = 1",
    predictionUnit: "one pump",
    metric: "accuracy",
    acceptanceThreshold: 0.7,
    rationale: "The KPI counts pumps called right.",
  });
  const document = readFileSync("docs/second-project.md", "utf8");
  const shell = makeShell(demo, tokens.R3);
  for (const lines of [3, 4, 5].flatMap((section) => blocksOf(document, section))) {
    const { code, output } = await shell.lines(
      lines.replace("run logs 1 ", `run logs ${await newestRun(demo, project)} `),
    );
    expect(code, output).toBe(0);
  }
  const holdout = await ask<{ versions: { id: string }[] }>(
    demo,
    tokens.R3,
    "data.byName",
    { projectId, name: "pumps-holdout" },
    "query",
  );
  for (const environment of ["staging", "production"] as const) {
    await ask(demo, tokens.R7, "promotions.publishPolicy", {
      projectId,
      environment,
      holdoutDatasetVersionId: holdout.versions[0]?.id,
      target: "failed = 1",
      metric: "accuracy",
      mlProblemVersion: 1,
      ...(environment === "production" && { reviewRoles: ["R4", "R5"] }),
    });
  }
}

type Shown = {
  readonly id: string;
  readonly state: string;
  readonly evidence: { readonly digest: string } | null;
  readonly policy: { readonly name: string };
};

/** Proposes as the data scientist; answers the promotion's number once people are asked. */
export async function propose(
  demo: Demonstration,
  own: Pick<OwnModel, "id" | "tokens" | "modelVersionId">,
  environment: "staging" | "production",
): Promise<number> {
  const { number } = await ask<{ number: number }>(demo, own.tokens.R3, "promotions.propose", {
    projectId: own.id,
    modelVersionId: own.modelVersionId,
    environment,
  });
  await expect.poll(async () => (await shown(demo, own, number)).state, { timeout: 60_000 }).toBe("waiting");
  return number;
}

function shown(demo: Demonstration, own: Pick<OwnModel, "id" | "tokens">, number: number): Promise<Shown> {
  return ask<Shown>(demo, own.tokens.R7, "promotions.get", { projectId: own.id, number }, "query");
}

async function intoStaging(demo: Demonstration, own: OwnModel): Promise<void> {
  const number = await propose(demo, own, "staging");
  const { id, evidence, policy } = await shown(demo, own, number);
  const [meaning] = meaningsFor("promotion", "R7");
  await ask(demo, own.tokens.R7, "promotions.sign", {
    projectId: own.id,
    promotionId: id,
    asRole: "R7",
    evidenceDigest: evidence?.digest,
    policyVersion: policy.name,
    meaning,
  });
  await expect.poll(async () => (await shown(demo, own, number)).state, { timeout: 60_000 }).toBe("deployed");
}

/** A project of the test's own, with a version in staging and a production policy that asks for a review by R4 and R5. */
export async function makeReviewedModel(demo: Demonstration): Promise<OwnModel> {
  const project = await makeProject(demo);
  await trainAndPublish(demo, project);
  const [candidate] = await ask<{ modelVersionId: string; model: string; version: number }[]>(
    demo,
    project.tokens.R3,
    "promotions.candidates",
    { projectId: project.id },
    "query",
  );
  if (!candidate) throw new Error("The run registered no version.");
  const own = { ...project, ...candidate };
  await intoStaging(demo, own);
  return own;
}
