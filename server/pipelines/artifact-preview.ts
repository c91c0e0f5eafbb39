import { and, eq } from "drizzle-orm";
import { stepAttempts } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import type { ArtifactRef } from "@/domain/pipelines/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { type Cell, withDuckDb } from "../data/duckdb";
import { literal } from "../data/sql-text";

const ROWS = 20;
const LARGEST_REPORT_BYTES = 64 * 1024;

export type ArtifactAt = { readonly attemptId: string; readonly side: "inputs" | "outputs"; readonly name: string };

/** What a person can look at without a download: the first rows of a table, the text of a report, nothing of another file. */
export type ArtifactPreview =
  | {
      readonly kind: "table";
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: "report"; readonly text: string; readonly isCut: boolean }
  | { readonly kind: "file" };

/** Finds an input or output of an attempt in the scope's project. */
export async function findArtifact(
  ctx: ServiceContext,
  scope: Scope<"pipelines.read">,
  at: ArtifactAt,
): Promise<ArtifactRef> {
  const [attempt] = await ctx.db
    .select({ inputs: stepAttempts.inputs, outputs: stepAttempts.outputs })
    .from(stepAttempts)
    .where(and(eq(stepAttempts.id, at.attemptId), eq(stepAttempts.projectId, scope.projectId)));
  const refs = attempt?.[at.side] ?? {};
  const found = Object.hasOwn(refs, at.name) ? refs[at.name] : undefined;
  if (!found) throw new AppError("not_found", "artifact", "There is no such input or output.");
  return found;
}

export async function previewArtifact(
  ctx: ServiceContext,
  scope: Scope<"pipelines.read">,
  at: ArtifactAt,
): Promise<ArtifactPreview> {
  const artifact = await findArtifact(ctx, scope, at);
  if (artifact.type === "file") return { kind: "file" };
  if (artifact.type === "report") {
    const bytes = Buffer.from(await ctx.blobs.read(artifact.sha256));
    return {
      kind: "report",
      text: bytes.subarray(0, LARGEST_REPORT_BYTES).toString("utf8"),
      isCut: bytes.length > LARGEST_REPORT_BYTES,
    };
  }
  const file = await ctx.blobs.localPath(artifact.sha256);
  return withDuckDb({ files: [file], timeoutMs: 10_000 }, async (session) => {
    const source = `read_parquet(${literal(file)})`;
    const described = await session.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`);
    const columns = described.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
    const rows = await session.rows(`SELECT * FROM ${source} LIMIT ${ROWS}`);
    return { kind: "table" as const, columns, rows: rows.map((row) => columns.map(({ name }) => row[name] ?? null)) };
  });
}
