import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { deployments, trafficStops } from "@/db/schema/deployments";
import { environments } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { ENVIRONMENT_NAMES } from "@/domain/promotions/status";
import { OIP_DATATYPES } from "@/domain/registry/types";
import type { ServiceContext } from "../context";

const tensor = z.object({ name: z.string(), datatype: z.enum(OIP_DATATYPES), shape: z.array(z.number()) });
const signature = z.object({
  columns: z.array(
    z.object({ name: z.string(), type: z.enum(["double", "float", "long", "integer", "boolean", "string"]) }),
  ),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
});

/** One deployment that gateways have to hold: what serves (active) or is about to (pending). */
const desired = z.object({
  id: z.string(),
  projectId: z.string(),
  environment: z.enum(ENVIRONMENT_NAMES),
  modelId: z.string(),
  model: z.string(),
  modelVersionId: z.string(),
  version: z.number(),
  digest: z.string(),
  signature,
  state: z.enum(["pending", "active"]),
  /** Why traffic is stopped; null while it flows. */
  stopReason: z.string().nullable(),
});
export type DesiredDeployment = z.infer<typeof desired>;

/** The deployments of all projects that a gateway holds. Versions without an ONNX file are never deployed. */
export async function loadDesired(ctx: Pick<ServiceContext, "db">): Promise<readonly DesiredDeployment[]> {
  const rows = await ctx.db
    .select({
      id: deployments.id,
      projectId: deployments.projectId,
      environment: environments.name,
      modelId: deployments.modelId,
      model: registeredModels.name,
      modelVersionId: deployments.modelVersionId,
      version: modelVersions.version,
      digest: modelVersions.onnxSha256,
      signature: modelVersions.signature,
      state: deployments.state,
      isStopped: trafficStops.isStopped,
      stopReason: trafficStops.reason,
    })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .innerJoin(registeredModels, eq(registeredModels.id, deployments.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .leftJoin(
      trafficStops,
      and(eq(trafficStops.environmentId, deployments.environmentId), eq(trafficStops.modelId, deployments.modelId)),
    )
    .where(inArray(deployments.state, ["pending", "active"]))
    .orderBy(deployments.id);
  return rows.flatMap(({ isStopped, stopReason, ...row }) => {
    const parsed = desired.safeParse({ ...row, stopReason: isStopped ? (stopReason ?? "") : null });
    return parsed.success ? [parsed.data] : [];
  });
}

const listFile = (folder: string) => path.join(folder, "deployments.json");

/** Keeps the list for a start without Postgres. */
export async function saveDesired(folder: string, list: readonly DesiredDeployment[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = `${listFile(folder)}.next`;
  await writeFile(next, JSON.stringify(list), { mode: 0o600 });
  await rename(next, listFile(folder));
}

/** The last good list; null where there is none that reads. */
export async function readSaved(folder: string): Promise<readonly DesiredDeployment[] | null> {
  const text = await readFile(listFile(folder), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    const parsed = z.array(desired).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
