import path from "node:path";
import { AppError } from "@/domain/errors";
import type { StepInputs, StepWork } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import { type DuckSession, duckMessage, withDuckDb } from "../data/duckdb";
import { withScratch } from "../data/scratch";
import { identifier, literal, scalarLiteral } from "../data/sql-text";
import type { StepFacts } from "./load-step";
import { countOf, failed, type WorkHooks, type WorkResult } from "./step-work";

type Sql = Extract<StepWork, { kind: "sql" }>;

/**
 * Runs a query in DuckDB with each input as a view of its name and each parameter as a variable; its result is
 * the step's one table. Nothing but the inputs can be read, and nothing be reached.
 */
export async function runSqlStep(
  ctx: ServiceContext,
  facts: StepFacts,
  work: Sql,
  { inputs, hooks }: { inputs: StepInputs; hooks: WorkHooks },
): Promise<WorkResult> {
  const [output] = facts.planned.outputs;
  if (!output) return failed("The step declares no output.");
  const views = await Promise.all(
    Object.entries(inputs).map(async ([name, input]) => ({ name, file: await ctx.blobs.localPath(input.sha256) })),
  );
  return withScratch(ctx, async (folder) => {
    const target = path.join(folder, "result.parquet");
    const limits = {
      files: views.map((view) => view.file),
      folders: [folder],
      timeoutMs: facts.planned.timeoutMs,
      signal: hooks.signal,
    };
    try {
      const rows = await withDuckDb(limits, async (session) => {
        await prepare(session, views, facts);
        return query(session, work.query, target);
      });
      const stored = await ctx.blobs.putFile(target);
      hooks.log(`${countOf(rows, "row")} written to ${output.name}`);
      return {
        state: "succeeded",
        reason: null,
        outputs: { [output.name]: { type: "table", rows, ...stored } },
        summary: countOf(rows, "row"),
      };
    } catch (error) {
      if (hooks.signal.aborted) return { ...failed("The query was interrupted."), state: "cancelled" };
      if (error instanceof AppError)
        return { ...failed(error.message), state: error.reason === "too_slow" ? "timed_out" : "failed" };
      hooks.log(duckMessage(error));
      return failed(`The query failed: ${duckMessage(error)}`);
    }
  });
}

async function prepare(
  session: DuckSession,
  views: readonly { name: string; file: string }[],
  { run }: StepFacts,
): Promise<void> {
  for (const { name, file } of views)
    await session.rows(`CREATE VIEW ${identifier(name)} AS SELECT * FROM read_parquet(${literal(file)})`);
  for (const [name, value] of Object.entries(run.parameters))
    await session.rows(`SET VARIABLE ${identifier(name)} = ${scalarLiteral(value)}`);
}

async function query(session: DuckSession, text: string, target: string): Promise<number> {
  await session.rows(`CREATE TABLE countersign_result AS (\n${text.trim().replace(/;$/, "")}\n)`);
  await session.rows(`COPY countersign_result TO ${literal(target)} (FORMAT parquet)`);
  const { n } = await session.row("SELECT count(*) AS n FROM countersign_result");
  return Number(n);
}
