import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { constants, gzipSync } from "node:zlib";
import { create } from "tar";
import { compileDefinition } from "@/domain/pipelines/compiler";
import { parseRequirements } from "@/domain/pipelines/requirements";
import type { Plan } from "@/domain/pipelines/types";
import { CliError, EXIT } from "./cli-error";
import { sourceFiles } from "./source-files";

export type SourceState = { readonly commit: string | null; readonly isDirty: boolean };
export type SourceBundle = SourceState & {
  readonly files: readonly string[];
  readonly archive: Buffer;
  readonly plan: Plan;
};

/**
 * Packs the folder of a pipeline. The same files give the same bytes: sorted, without times and owners. The
 * definition and the requirements files that it names are checked first, so that a mistake costs no upload.
 */
export async function packSource(folder: string, definition: string): Promise<SourceBundle> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new CliError(`There is no folder ${folder}.`, EXIT.usage);
  const files = sourceFiles(folder);
  if (!files.includes(definition))
    throw new CliError(
      `${path.join(folder, definition)} is missing: a pipeline is pushed from the folder that holds its definition.`,
      EXIT.usage,
    );
  const plan = checkedPlan(folder, definition, files);
  return { files, plan, archive: await pack(folder, files), ...sourceState(folder) };
}

function checkedPlan(folder: string, definition: string, files: readonly string[]): Plan {
  const read = (file: string) => readFileSync(path.join(folder, file), "utf8");
  const { plan, problems } = compileDefinition(read(definition), path.join(folder, definition));
  if (!plan)
    throw new CliError(
      problems
        .map(({ file, line, column, path: at, reason }) => `${file}:${line}:${column}: ${at ? `${at}: ` : ""}${reason}`)
        .join("\n"),
    );
  const named = plan.steps.flatMap(({ key, work }) =>
    "requirements" in work && work.requirements !== null ? [{ key, file: work.requirements }] : [],
  );
  const lines = named.flatMap(({ key, file }) => {
    if (!files.includes(file))
      return [`${path.join(folder, definition)}: the step ${key} names ${file}, which is not in the folder.`];
    return parseRequirements(read(file)).problems.map(
      ({ line, reason }) => `${path.join(folder, file)}:${line}: ${reason}`,
    );
  });
  if (lines.length > 0) throw new CliError([...new Set(lines)].join("\n"));
  return plan;
}

async function pack(folder: string, files: readonly string[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const packed = create(
    {
      cwd: folder,
      portable: true,
      follow: true,
      noDirRecurse: true,
      mtime: new Date(0),
      // The one place where the library shows what it read of a file before it writes the file's header.
      filter: (_, stat) => {
        if (!("nlink" in stat)) return true;
        stat.mode = ((stat.mode ?? 0) & 0o111) === 0 ? 0o100_644 : 0o100_755;
        // Two names of one file stay two files.
        stat.nlink = 1;
        return true;
      },
    },
    files.map((file) => (file.startsWith("@") ? `./${file}` : file)),
  );
  for await (const chunk of packed) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks), { level: constants.Z_BEST_COMPRESSION });
}

/** The commit that is checked out, and whether the folder differs from it; without git or a commit it counts as changed. */
export function sourceState(folder: string): SourceState {
  const commit = git(folder, ["rev-parse", "--verify", "--quiet", "HEAD"])?.trim() ?? null;
  if (!commit) return { commit: null, isDirty: true };
  return { commit, isDirty: git(folder, ["status", "--porcelain", "--untracked-files=all", "--", "."]) !== "" };
}

function git(folder: string, args: readonly string[]): string | null {
  try {
    return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
