import { and, eq, inArray, isNotNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runParams } from "@/db/schema/experiments";
import { pipelineRuns, pipelineVersions, sourceBundles, stepAttempts } from "@/db/schema/pipelines";
import type { modelVersions } from "@/db/schema/registry";
import { inputsOf } from "./gate-input";

type VersionRow = typeof modelVersions.$inferSelect;

/** What a version was made of, as far as the record says. */
export type Makeup = {
  readonly version: number;
  readonly onnxBytes: number | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly data: readonly { readonly name: string; readonly digest: string; readonly rows: number }[];
  readonly code: {
    readonly commit: string | null;
    readonly isDirty: boolean;
    readonly digest: string;
    readonly files: Readonly<Record<string, string>>;
  } | null;
  /** Digests of the environments in which its steps ran, sorted. */
  readonly environments: readonly string[];
};

/** The code that a pipeline run ran, with each file's digest; null where there was no pipeline. */
export async function codeOf(db: Executor, pipelineRunId: string | null): Promise<Makeup["code"]> {
  if (!pipelineRunId) return null;
  const [row] = await db
    .select({
      commit: sourceBundles.commit,
      isDirty: sourceBundles.isDirty,
      digest: sourceBundles.digest,
      files: sourceBundles.files,
    })
    .from(pipelineRuns)
    .innerJoin(pipelineVersions, eq(pipelineVersions.id, pipelineRuns.pipelineVersionId))
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .where(eq(pipelineRuns.id, pipelineRunId));
  return row ? { ...row, files: Object.fromEntries(row.files.map((file) => [file.path, file.sha256])) } : null;
}

async function environmentsOf(db: Executor, pipelineRunId: string | null): Promise<readonly string[]> {
  if (!pipelineRunId) return [];
  const rows = await db
    .selectDistinct({ digest: stepAttempts.environmentDigest })
    .from(stepAttempts)
    .where(and(eq(stepAttempts.runId, pipelineRunId), isNotNull(stepAttempts.environmentDigest)));
  return rows.flatMap(({ digest }) => (digest ? [digest] : [])).sort();
}

/** Parameters, columns, data, code and environment of versions, side by side. */
export async function makeupOf(
  db: Executor,
  projectId: string,
  versions: readonly VersionRow[],
): Promise<readonly Makeup[]> {
  const runIds = versions.flatMap(({ experimentRunId }) => (experimentRunId ? [experimentRunId] : []));
  const params = runIds.length > 0 ? await db.select().from(runParams).where(inArray(runParams.runId, runIds)) : [];
  return Promise.all(
    versions.map(async (version) => {
      const [inputs, code, stepEnvironments] = await Promise.all([
        inputsOf(db, projectId, version.id),
        codeOf(db, version.pipelineRunId),
        environmentsOf(db, version.pipelineRunId),
      ]);
      return {
        version: version.version,
        onnxBytes: version.onnxBytes,
        parameters: Object.fromEntries(
          params.filter(({ runId }) => runId === version.experimentRunId).map(({ key, value }) => [key, value]),
        ),
        columns: version.signature?.columns.map(({ name }) => name) ?? [],
        data: inputs.map(({ name, digest, rows }) => ({ name, digest, rows })),
        code,
        environments: stepEnvironments,
      };
    }),
  );
}
