import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { AppError } from "@/domain/errors";
import type { ArtifactRef, StepOutputSpec, StepOutputs } from "@/domain/pipelines/types";
import type { BlobStore } from "../blobs/store";
import { duckMessage, withDuckDb } from "../data/duckdb";
import { variableName } from "./step-environment";

const LARGEST_REPORT = 16 * 1024 * 1024;

/**
 * Checks what a step wrote and stores it: a table must be readable Parquet, a report JSON, anything a plain
 * file. Throws `precondition_failed` with one sentence that names the output.
 */
export async function collectOutputs(
  specs: readonly StepOutputSpec[],
  paths: Readonly<Record<string, string>>,
  blobs: BlobStore,
): Promise<StepOutputs> {
  const outputs: Record<string, ArtifactRef> = {};
  for (const spec of specs) outputs[spec.name] = await collect(spec, paths[spec.name] ?? "", blobs);
  return outputs;
}

async function collect(spec: StepOutputSpec, file: string, blobs: BlobStore): Promise<ArtifactRef> {
  const handle = await openPlainFile(spec, file);
  try {
    const rows = await check(spec, file, handle);
    const stored = await blobs.put(handle.createReadStream({ start: 0, autoClose: false }));
    return { type: spec.type, ...stored, rows };
  } finally {
    await handle.close();
  }
}

/** A link of either kind is not taken: it could be a file that only the server may read. */
async function openPlainFile(spec: StepOutputSpec, file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw refusal(spec, "is not a plain file");
      throw refusal(
        spec,
        `was not written; the step must write it to the path in ${variableName("OUTPUT", spec.name)}`,
      );
    },
  );
  const seen = await handle.stat();
  if (seen.isFile() && seen.nlink === 1) return handle;
  await handle.close();
  throw refusal(spec, "is not a plain file");
}

async function check(spec: StepOutputSpec, file: string, handle: FileHandle): Promise<number | null> {
  if (spec.type === "table") return rowsOf(spec, file);
  if (spec.type === "report") await checkReport(spec, handle);
  return null;
}

async function rowsOf(spec: StepOutputSpec, file: string): Promise<number> {
  try {
    const { total } = await withDuckDb({ files: [path.resolve(file)] }, (duck) =>
      duck.row("select count(*) as total from read_parquet($1)", [file]),
    );
    return Number(total);
  } catch (error) {
    throw refusal(spec, `is not a readable Parquet file (${duckMessage(error)})`);
  }
}

async function checkReport(spec: StepOutputSpec, handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size > LARGEST_REPORT) throw refusal(spec, `is a report of ${size} bytes; at most ${LARGEST_REPORT} are taken`);
  const bytes = Buffer.alloc(size);
  await handle.read(bytes, 0, size, 0);
  try {
    JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw refusal(spec, `is not valid JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function refusal(spec: StepOutputSpec, what: string): AppError {
  return new AppError("precondition_failed", "output", `The output "${spec.name}" ${what}.`, { output: spec.name });
}
