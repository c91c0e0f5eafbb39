import path from "node:path";
import { eq } from "drizzle-orm";
import { trainingSets } from "@/db/schema/features";
import { pipelineRuns, pipelineVersions } from "@/db/schema/pipelines";
import { modelVersions } from "@/db/schema/registry";
import type { ServiceContext } from "../context";
import { withDuckDb } from "../data/duckdb";
import { withScratch } from "../data/scratch";
import { literal } from "../data/sql-text";
import { newId } from "../ids";
import { nextNumber } from "../projects/next-number";
import { imported, READINGS, VIEW } from "./features";
import { pushDefinition } from "./feedback";
import type { Member, World } from "./world";

/** The Parquet blob of what a DuckDB query gives. */
export async function parquetOf(ctx: ServiceContext, query: string): Promise<string> {
  return withScratch(ctx, async (folder) => {
    const file = path.join(folder, "rows.parquet");
    await withDuckDb({ files: [], folders: [folder] }, (session) =>
      session.rows(`COPY (${query}) TO ${literal(file)} (FORMAT parquet)`),
    );
    return (await ctx.blobs.putFile(file)).sha256;
  });
}

type Rows = { readonly query: string; readonly rows: number; readonly columns: readonly string[] };

/** Makes a version one that a run trained on the given rows; `event_day` is their event time. */
export async function trainedOn(
  world: World,
  about: {
    readonly modelVersionId: string;
    readonly people: { readonly scientist: Member; readonly dataEngineer: Member; readonly mlEngineer: Member };
    readonly data: Rows;
  },
): Promise<string> {
  const projectId = world.project.id;
  const { scientist, dataEngineer, mlEngineer } = about.people;
  await dataEngineer.api.data.create({ projectId, name: VIEW.dataset });
  const source = await imported(world, dataEngineer, READINGS, VIEW.dataset);
  const view = await scientist.api.features.create({ projectId, ...structuredClone(VIEW) });
  const { pipelineId } = await pushDefinition(world, mlEngineer);
  const [version] = await world.db.select().from(pipelineVersions).where(eq(pipelineVersions.pipelineId, pipelineId));
  if (!version) throw new Error("The definition was not kept.");
  const runId = newId();
  await world.db.insert(pipelineRuns).values({
    id: runId,
    projectId,
    number: await nextNumber(world.db, projectId),
    pipelineId,
    pipelineVersionId: version.id,
    state: "succeeded",
    parameters: {},
    datasets: {},
    finishedAt: world.ctx.clock(),
  });
  const parquetSha256 = await parquetOf(world.ctx, about.data.query);
  const { rows, columns } = about.data;
  const shared = { entityColumns: ["sensor"], eventTimeColumn: "event_day", featureColumns: [...columns] };
  const id = newId();
  await world.db.insert(trainingSets).values({
    id,
    projectId,
    runId,
    stepKey: "features",
    viewVersionId: view.id,
    datasetVersionId: source.id,
    parquetSha256,
    bytes: 1,
    rows,
    unmatchedRows: 0,
    ...shared,
    labelColumn: null,
    manifest: {
      ...shared,
      view: { name: VIEW.name, version: 1, digest: view.digest, isSigned: false },
      dataset: { name: VIEW.dataset, version: 1, digest: source.digest },
      rowsFrom: null,
      rowsSha256: parquetSha256,
      label: null,
      from: null,
      to: null,
      timeToLiveSeconds: 0,
      labelColumn: null,
      rows,
      unmatchedRows: 0,
      parquetSha256,
    },
  });
  await world.db.update(modelVersions).set({ pipelineRunId: runId }).where(eq(modelVersions.id, about.modelVersionId));
  return id;
}
