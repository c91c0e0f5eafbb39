import { createInterface } from "node:readline";
import type { EvaluatedRow } from "@/domain/registry/types";
import type { BlobStore } from "../blobs/store";

/** The rows of an evaluation's predictions file, in the row order of the dataset version. */
export async function readEvaluatedRows(
  ctx: { readonly blobs: BlobStore },
  predictionsSha256: string,
): Promise<readonly EvaluatedRow[]> {
  const rows: EvaluatedRow[] = [];
  for await (const line of createInterface({ input: await ctx.blobs.stream(predictionsSha256) }))
    rows.push(JSON.parse(line) as EvaluatedRow);
  return rows;
}
