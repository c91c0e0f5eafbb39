import path from "node:path";
import { and, desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { pipelines, pipelineVersions, sourceBundles } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import { compileDefinition, problemSentence } from "@/domain/pipelines/compiler";
import type { PushPipeline } from "@/domain/pipelines/contracts";
import { parseRequirements } from "@/domain/pipelines/requirements";
import type { Plan, StepPlan } from "@/domain/pipelines/types";
import { recordingRefusal } from "../audit/record-refusal";
import { writeAudit } from "../audit/write-audit";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import { canonicalDigest } from "../blobs/digest";
import type { StoredBlob } from "../blobs/store";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { type BundleContents, type BundleFile, readBundle } from "./bundle-contents";

export type PushedPipeline = {
  readonly pipelineId: string;
  readonly name: string;
  readonly version: number;
  readonly isNew: boolean;
};

/**
 * Takes a source bundle as a file on this machine, reads and compiles its definition, keeps it as a blob, and
 * adds a version of the pipeline where definition, files, commit or dirty flag differ from the newest one.
 * A wrong definition is refused with every problem's file, line, column and reason, and nothing is kept.
 */
export function pushPipeline(
  ctx: ServiceContext,
  scope: Scope<"pipelines.push">,
  input: Push,
): Promise<PushedPipeline> {
  const tried = {
    action: "pipelines.push_refused",
    entity: { kind: "project", id: scope.projectId },
    summary: "was refused to push a pipeline",
  };
  return recordingRefusal(ctx, scope, tried, () => push(ctx, scope, input));
}

type Push = PushPipeline & { readonly archive: string };

async function push(ctx: ServiceContext, scope: Scope<"pipelines.push">, input: Push): Promise<PushedPipeline> {
  const pushedBy = userIdOf(scope.actor);
  if (!pushedBy) throw new AppError("forbidden", "person_needed", "Only a person or a service pushes a pipeline.");
  const contents = await readBundle(input.archive);
  const definition = contents.texts.get(path.posix.normalize(input.definition));
  if (definition === undefined) {
    throw new AppError("invalid_input", "definition_missing", `The bundle holds no definition ${input.definition}.`);
  }
  const plan = compile(definition, input.definition);
  checkRequirements(plan, contents);
  const bundle = await ctx.blobs.putFile(input.archive);
  const pushed = {
    ...input,
    bundle,
    definition,
    files: contents.files,
    plan,
    planDigest: canonicalDigest(plan).digest,
    pushedBy,
  };
  return ctx.db.transaction((tx) => addVersion({ ctx, scope, tx }, pushed));
}

function compile(text: string, file: string): Plan {
  const { plan, problems } = compileDefinition(text, file);
  if (plan) return plan;
  const sentences = problems.map(problemSentence);
  throw new AppError("invalid_input", "definition", sentences.slice(0, 20).join("\n"), { problems });
}

/** A list of packages that could not be built is said at the push, not after minutes of a run. */
function checkRequirements(plan: Plan, { files, texts }: BundleContents): void {
  for (const step of plan.steps) {
    const needed = requirementsOf(step);
    if (needed === null) continue;
    if (!files.some((file) => file.path === needed)) {
      throw new AppError(
        "invalid_input",
        "requirements_missing",
        `The step ${step.key} names ${needed}, which is not in the bundle.`,
      );
    }
    const { problems } = parseRequirements(texts.get(needed) ?? "");
    if (problems.length > 0) {
      const sentences = problems.map(({ line, reason }) => `${needed}:${line}: ${reason}`);
      throw new AppError("invalid_input", "requirements", sentences.slice(0, 20).join("\n"), { problems });
    }
  }
}

function requirementsOf({ work }: StepPlan): string | null {
  return work.kind === "command" || work.kind === "shell" ? work.requirements : null;
}

type Adding = { readonly ctx: ServiceContext; readonly scope: Scope<"pipelines.push">; readonly tx: Transaction };
type Pushed = PushPipeline & {
  readonly bundle: StoredBlob;
  readonly files: readonly BundleFile[];
  /** The definition's text replaces its path here. */
  readonly definition: string;
  readonly plan: Plan;
  readonly planDigest: string;
  readonly pushedBy: string;
};

async function addVersion({ ctx, scope, tx }: Adding, pushed: Pushed): Promise<PushedPipeline> {
  const { plan } = pushed;
  const pipelineId = await lockPipeline(tx, scope.projectId, plan.name);
  const [newest] = await tx
    .select({
      version: pipelineVersions.version,
      planDigest: pipelineVersions.planDigest,
      definition: pipelineVersions.definition,
      bundle: sourceBundles,
    })
    .from(pipelineVersions)
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .where(eq(pipelineVersions.pipelineId, pipelineId))
    .orderBy(desc(pipelineVersions.version))
    .limit(1);
  if (newest && isSame(newest, pushed)) return { pipelineId, name: plan.name, version: newest.version, isNew: false };

  const version = (newest?.version ?? 0) + 1;
  const bundleId = newId();
  const { projectId } = scope;
  await tx.insert(sourceBundles).values({
    id: bundleId,
    projectId,
    digest: pushed.bundle.sha256,
    bytes: pushed.bundle.bytes,
    files: pushed.files,
    commit: pushed.commit ?? null,
    isDirty: pushed.dirty,
    pushedBy: pushed.pushedBy,
  });
  await tx.insert(pipelineVersions).values({
    id: newId(),
    projectId,
    pipelineId,
    version,
    kind: plan.kind,
    bundleId,
    definition: pushed.definition,
    plan,
    planDigest: pushed.planDigest,
    createdBy: pushed.pushedBy,
  });
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId,
    action: "pipelines.pushed",
    entity: { kind: "pipeline", id: pipelineId },
    summary: `pushed ${plan.name}, version ${version}${pushed.commit ? ` (commit ${pushed.commit.slice(0, 7)}${pushed.dirty ? ", with changes" : ""})` : ""}`,
    details: {
      version,
      kind: plan.kind,
      bundle: pushed.bundle.sha256,
      planDigest: pushed.planDigest,
      commit: pushed.commit ?? null,
      isDirty: pushed.dirty,
    },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
  if (pushed.commit) {
    await recordLineage(tx, projectId, [
      {
        from: { kind: "commit", reference: pushed.commit, label: pushed.commit.slice(0, 7) },
        to: { kind: "source_bundle", reference: bundleId, label: `${plan.name} v${version}` },
        kind: "input_of",
      },
    ]);
  }
  await publishEvent(tx, projectId, "pipelines", pipelineId);
  return { pipelineId, name: plan.name, version, isNew: true };
}

async function lockPipeline(tx: Transaction, projectId: string, name: string): Promise<string> {
  await tx.insert(pipelines).values({ id: newId(), projectId, name }).onConflictDoNothing();
  const [row] = await tx
    .select({ id: pipelines.id })
    .from(pipelines)
    .where(and(eq(pipelines.projectId, projectId), eq(pipelines.name, name)))
    .for("no key update");
  if (!row) throw new Error("The pipeline was not written.");
  return row.id;
}

type Newest = {
  readonly planDigest: string;
  readonly definition: string;
  readonly bundle: typeof sourceBundles.$inferSelect;
};

function isSame(newest: Newest, pushed: Pushed): boolean {
  const filesOf = (files: readonly BundleFile[]) => files.map((file) => `${file.path} ${file.sha256}`).join("\n");
  return (
    newest.planDigest === pushed.planDigest &&
    newest.definition === pushed.definition &&
    newest.bundle.commit === (pushed.commit ?? null) &&
    newest.bundle.isDirty === pushed.dirty &&
    filesOf(newest.bundle.files) === filesOf(pushed.files)
  );
}
