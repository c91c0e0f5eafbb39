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
  /** The maker's shell, with the files of the document in it. */
  readonly shell: ReturnType<typeof makeShell>;
};

/** The blocks of one section of the document that are meant to be run, in their order. */
function blocksOf(document: string, section: number): string[] {
  const from = document.indexOf(`\n## ${section}. `);
  const text = document.slice(from, document.indexOf("\n## ", from + 1) + 1 || undefined);
  return [...text.matchAll(/```sh (?:setup|run)\n([\s\S]*?)```/g)].map(([, lines = ""]) => lines);
}

async function makeProject(demo: Demonstration): Promise<Project> {
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
  return { id: project.id, slug: project.slug, tokens: Object.fromEntries(tokens) as OwnModel["tokens"] };
}

type Project = Pick<OwnModel, "id" | "slug" | "tokens">;

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

/** Data, pipeline and first version by the document for a project of one's own. */
async function train(demo: Demonstration, project: Project): Promise<OwnModel["shell"]> {
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
  return shell;
}

/** A version of the policy for each environment; production asks for a review by the given roles. */
async function publishPolicies(
  demo: Demonstration,
  { id: projectId, tokens }: Pick<OwnModel, "id" | "tokens">,
  reviewRoles: readonly string[],
): Promise<void> {
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
      ...(environment === "production" && { reviewRoles }),
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

/** Signs what the page shows at this moment; nothing of it is inconclusive. */
export async function signFor(
  demo: Demonstration,
  own: OwnModel,
  { number, asRole }: { readonly number: number; readonly asRole: "R7" | "R1" },
): Promise<void> {
  const { id, evidence, policy } = await shown(demo, own, number);
  const [meaning] = meaningsFor("promotion", asRole);
  await ask(demo, own.tokens[asRole], "promotions.sign", {
    projectId: own.id,
    promotionId: id,
    asRole,
    evidenceDigest: evidence?.digest,
    policyVersion: policy.name,
    meaning,
  });
}

/** Promotes a version of which nothing is inconclusive: proposed, signed by the given roles, deployed by itself. */
async function promote(
  demo: Demonstration,
  own: OwnModel,
  wanted: { readonly environment: "staging" | "production"; readonly signers: readonly ("R7" | "R1")[] },
): Promise<void> {
  const number = await propose(demo, own, wanted.environment);
  for (const asRole of wanted.signers) await signFor(demo, own, { number, asRole });
  await expect.poll(async () => (await shown(demo, own, number)).state, { timeout: 60_000 }).toBe("deployed");
}

/** The newest version that may be proposed. */
export async function newestVersion(demo: Demonstration, project: Pick<OwnModel, "id" | "tokens">) {
  const [candidate] = await ask<{ modelVersionId: string; model: string; version: number }[]>(
    demo,
    project.tokens.R3,
    "promotions.candidates",
    { projectId: project.id },
    "query",
  );
  if (!candidate) throw new Error("The run registered no version.");
  return candidate;
}

/** A project of the test's own, with a version in staging and a production policy that asks for a review by the roles. */
export async function makeStagedModel(demo: Demonstration, reviewRoles: readonly string[]): Promise<OwnModel> {
  const project = await makeProject(demo);
  const shell = await train(demo, project);
  await publishPolicies(demo, project, reviewRoles);
  const own = { ...project, ...(await newestVersion(demo, project)), shell };
  await promote(demo, own, { environment: "staging", signers: ["R7"] });
  return own;
}

/** The same with a review by data engineer and software engineer. */
export function makeReviewedModel(demo: Demonstration): Promise<OwnModel> {
  return makeStagedModel(demo, ["R4", "R5"]);
}

/** The same with the version in production; from then on a version for production needs a review by R4. */
export async function makeServedModel(demo: Demonstration): Promise<OwnModel> {
  const own = await makeStagedModel(demo, []);
  await promote(demo, own, { environment: "production", signers: ["R7", "R1"] });
  await publishPolicies(demo, own, ["R4"]);
  return own;
}
