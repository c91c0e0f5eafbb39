import { entriesOf } from "@/domain/experiments/artifact-path";
import type { ServiceContext } from "../../context";
import { type ArtifactRoot, filesOf } from "../artifact-roots";

/** The children of a folder as the protocol lists them: paths from the root, or bare names. */
export async function listedFiles(
  ctx: ServiceContext,
  projectId: string,
  at: { readonly owner: Pick<ArtifactRoot, "root">; readonly folder: string; readonly isBareName?: boolean },
): Promise<object> {
  const entries = entriesOf(await filesOf(ctx.db, projectId, at.owner.root), at.folder);
  const files = entries.map((entry) => ({
    path: at.isBareName ? entry.path.slice(entry.path.lastIndexOf("/") + 1) : entry.path,
    is_dir: entry.isDirectory,
    ...(!entry.isDirectory && entry.bytes > 0 && { file_size: entry.bytes }),
  }));
  return files.length > 0 ? { files } : {};
}
