import { readFileSync } from "node:fs";
import path from "node:path";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { newId } from "../ids";
import { contractOf } from "../serving/read-model-contract";
import type { World } from "./world";

export const RAIN_COLUMNS = ["temp_max", "temp_min", "wind", "season_sin", "season_cos"] as const;

export function fixturePath(name: string): string {
  return path.resolve("server/testing/fixtures", name);
}

/** The text that MLflow writes beside a model logged with these columns. */
export function mlmodelOf(columns: readonly string[]): string {
  return `signature:\n  inputs: '${JSON.stringify(columns.map((name) => ({ type: "double", name, required: true })))}'\n`;
}

/** A registered version of a small real ONNX file, with its contract read from the file. */
export async function registerFixture(
  world: World,
  about: {
    readonly file?: string;
    readonly name?: string;
    readonly version?: number;
    readonly columns?: readonly string[];
    readonly modelId?: string;
  },
) {
  const bytes = readFileSync(fixturePath(about.file ?? "rain.onnx"));
  const { sha256 } = await world.ctx.blobs.put(bytes);
  const now = new Date();
  const modelId = about.modelId ?? newId();
  const name = about.name ?? "seattle-rain";
  const columns = about.columns ?? RAIN_COLUMNS;
  if (!about.modelId)
    await world.db
      .insert(registeredModels)
      .values({ id: modelId, projectId: world.project.id, name, lastVersion: 1, updatedAt: now });
  const id = newId();
  const signature = contractOf(bytes, columns.length > 0 ? mlmodelOf(columns) : null);
  await world.db.insert(modelVersions).values({
    id,
    projectId: world.project.id,
    modelId,
    version: about.version ?? 1,
    source: "test",
    onnxSha256: sha256,
    onnxBytes: bytes.length,
    files: [{ path: "model.onnx", sha256, bytes: bytes.length }],
    signature,
    origin: "production",
    updatedAt: now,
  });
  return { id, modelId, name, onnxSha256: sha256, signature };
}
