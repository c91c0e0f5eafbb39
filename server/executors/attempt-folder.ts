import { chmod, chown, constants, copyFile, mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { AppError } from "@/domain/errors";
import type { ArtifactType, StepOutputSpec } from "@/domain/pipelines/types";
import type { BlobStore } from "../blobs/store";
import { unpackBundle } from "./bundle";
import type { AttemptSpec } from "./executor";
import type { Account } from "./process-table";

const SUFFIX: Readonly<Record<ArtifactType | "dataset", string>> = {
  table: ".parquet",
  dataset: ".parquet",
  report: ".json",
  file: "",
};
const FOR_ALL_TO_READ = 0o444;

/** The fresh folder of one attempt. What the step may write belongs to its account; the folder itself does not. */
export type AttemptFolder = {
  readonly root: string;
  readonly source: string;
  readonly home: string;
  readonly temporary: string;
  readonly inputPaths: Readonly<Record<string, string>>;
  readonly outputPaths: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
};

export function attemptRoot(workRoot: string, attemptId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(attemptId)) throw new Error("An attempt's id is a UUID.");
  return path.join(workRoot, attemptId);
}

/** Removes what an attempt left; nothing else lies below its folder. */
export function removeAttemptFolder(root: string): Promise<void> {
  return rm(root, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
}

/** Makes the folder anew: the bundle's files, read-only copies of the inputs, empty places for the rest. */
export async function openAttemptFolder(
  spec: AttemptSpec,
  where: { readonly workRoot: string; readonly account: Account | null; readonly blobs: BlobStore },
): Promise<AttemptFolder> {
  const { workRoot, account, blobs } = where;
  const root = attemptRoot(workRoot, spec.attemptId);
  const inside = (name: string) => path.join(root, name);
  await removeAttemptFolder(root);
  try {
    await mkdir(root, { mode: 0o755 });
    await chmod(root, account ? 0o711 : 0o700);
    await Promise.all(["source", "outputs", "home", "tmp"].map((name) => makeFor(account, inside(name))));
    await mkdir(inside("inputs"));
    await chmod(inside("inputs"), 0o755);
    await unpackBundle(await blobs.localPath(spec.bundleSha256), inside("source"), account);
    const inputPaths = await placeInputs(spec.inputs, inside("inputs"), blobs);
    const outputPaths = Object.fromEntries(
      spec.outputs.map((output) => [output.name, outputPath(inside("outputs"), output)]),
    );
    return {
      root,
      source: inside("source"),
      home: inside("home"),
      temporary: inside("tmp"),
      inputPaths,
      outputPaths,
      remove: () => removeAttemptFolder(root),
    };
  } catch (error) {
    await removeAttemptFolder(root);
    throw error;
  }
}

async function makeFor(account: Account | null, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
}

/** Copies, never links: a step of this very account could otherwise write into the blob store. */
async function placeInputs(
  inputs: AttemptSpec["inputs"],
  folder: string,
  blobs: BlobStore,
): Promise<Record<string, string>> {
  const placed = Object.entries(inputs).map(async ([name, { sha256, type }]): Promise<[string, string]> => {
    const target = path.join(folder, `${name}${SUFFIX[type]}`);
    await copyFile(await blobs.localPath(sha256), target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(target, FOR_ALL_TO_READ);
    return [name, target];
  });
  return Object.fromEntries(await Promise.all(placed));
}

function outputPath(folder: string, output: StepOutputSpec): string {
  return path.join(folder, `${output.name}${SUFFIX[output.type]}`);
}

/** Takes the outputs away from the step's account before the server reads them. */
export async function sealOutputs(folder: AttemptFolder): Promise<void> {
  const outputs = path.join(folder.root, "outputs");
  // A link in its place is not followed; as root the step could not even make one, since the parent is not its own.
  const handle = await open(outputs, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_DIRECTORY).catch(() => {
    throw new AppError(
      "precondition_failed",
      "output",
      "The folder of the outputs was removed or replaced by the step.",
    );
  });
  try {
    await handle.chown(process.getuid?.() ?? 0, process.getgid?.() ?? 0);
    await handle.chmod(0o700);
  } finally {
    await handle.close();
  }
}
