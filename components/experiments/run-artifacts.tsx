"use client";
import { useQuery } from "@tanstack/react-query";
import { Download, File, Folder } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { formatBytes } from "../data/format";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { buttonVariants } from "../ui/button";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { CopyId } from "../ui/copy-id";
import { ErrorPanel } from "../ui/error-panel";
import { ScrollRegion } from "../ui/scroll-region";
import { TextSkeleton } from "../ui/skeleton";
import { artifactTree, type TreeFile, type TreeRow } from "./artifact-tree";
import type { Run } from "./run-view";

const SHOWN = 400;

/** Files of the run and of its models: a tree at the left, the chosen file at the right; the choice is in the address. */
export function RunArtifacts({ run }: { run: Run }) {
  const [chosen, setChosen] = useQueryState("file", parseAsString);
  const rows = artifactTree([
    { root: run.id, prefix: "", files: run.files },
    ...run.models.map((model) => ({ root: model.id, prefix: `Model: ${model.name}`, files: model.files })),
  ]);
  const files = rows.flatMap((row) => (row.file ? [row.file] : []));
  if (files.length === 0) {
    return (
      <Card title="Artifacts">
        <p className="text-sm text-muted">No files were logged.</p>
      </Card>
    );
  }
  const file = files.find((one) => `${one.root}:${one.path}` === chosen) ?? null;
  return (
    <Card title="Artifacts" aside={`${files.length.toLocaleString("en-GB")} files`} isFlush>
      <div className="grid md:grid-cols-[minmax(12rem,17rem)_minmax(0,1fr)]">
        <ScrollRegion label="Files" className="max-h-96 border-b border-line py-1.5 md:border-r md:border-b-0">
          <ul>
            {rows.slice(0, SHOWN).map((row) => (
              <Entry
                key={`${row.root}:${row.path}`}
                row={row}
                isChosen={row.file !== null && row.file === file}
                onChoose={(one) => void setChosen(`${one.root}:${one.path}`)}
              />
            ))}
          </ul>
          {rows.length > SHOWN && (
            <p className="px-3.5 py-1 text-xs text-muted">{rows.length - SHOWN} more are listed by the client.</p>
          )}
        </ScrollRegion>
        <div className="min-w-0">
          {file ? (
            <Preview key={`${file.root}:${file.path}`} file={file} />
          ) : (
            <p className="px-3.5 py-3 text-sm text-muted">Choose a file to look at it.</p>
          )}
        </div>
      </div>
    </Card>
  );
}

function Entry({ row, isChosen, onChoose }: { row: TreeRow; isChosen: boolean; onChoose: (file: TreeFile) => void }) {
  const indent = { paddingLeft: `${0.875 + row.depth * 0.875}rem` };
  const { file } = row;
  if (!file) {
    return (
      <li style={indent} className="flex min-h-6 items-center gap-2 pr-2 text-sm text-muted">
        <Folder aria-hidden className="size-3.5 shrink-0" />
        <span className="truncate">{row.name}</span>
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        style={indent}
        aria-pressed={isChosen}
        onClick={() => onChoose(file)}
        className={cn(
          "flex min-h-6 w-full items-center gap-2 pr-2.5 text-left text-sm -outline-offset-2 hover:bg-surface-sunken pointer-coarse:min-h-11",
          isChosen && "bg-accent-soft font-semibold",
        )}
      >
        <File aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="min-w-0 flex-1 truncate">{row.name}</span>
        <span className="figures shrink-0 text-xs text-muted">{formatBytes(file.bytes)}</span>
      </button>
    </li>
  );
}

export function artifactAddress(projectId: string, file: { readonly root: string; readonly path: string }): string {
  return `/api/projects/${projectId}/artifacts/${file.root}?path=${encodeURIComponent(file.path)}`;
}

function Preview({ file }: { file: TreeFile }) {
  const trpc = useTRPC();
  const project = useProject();
  const preview = useQuery(
    trpc.experiments.preview.queryOptions({ projectId: project.id, root: file.root, path: file.path }),
  );
  const address = artifactAddress(project.id, file);
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3.5 py-1.5 text-sm">
        <span className="min-w-0 flex-1 truncate font-mono text-xs">{file.path}</span>
        <CopyId value={file.sha256} what="digest" />
        <a href={address} download className={buttonVariants({ size: "sm" })}>
          <Download aria-hidden />
          Download
        </a>
      </div>
      {preview.error ? (
        <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />
      ) : !preview.data ? (
        <TextSkeleton lines={6} className="p-3.5" />
      ) : (
        <Content preview={preview.data} address={address} name={file.path} />
      )}
    </div>
  );
}

type Shown =
  | { readonly kind: "text"; readonly text: string; readonly isCut: boolean }
  | { readonly kind: "image" }
  | { readonly kind: "binary" };

function Content({ preview, address, name }: { preview: Shown; address: string; name: string }) {
  if (preview.kind === "binary")
    return <p className="px-3.5 py-3 text-sm text-muted">This file is no text. Download it to look at it.</p>;
  if (preview.kind === "image") {
    return (
      <div className="p-3.5">
        {/* biome-ignore lint/performance/noImgElement: the picture is a person's own file, behind their session */}
        <img
          src={`${address}&show`}
          alt={name}
          className="max-h-96 max-w-full rounded-md border border-line bg-surface"
        />
      </div>
    );
  }
  return (
    <>
      <ScrollRegion label={`Contents of ${name}`} className="max-h-96">
        <pre className="w-fit px-3.5 py-2.5 text-xs leading-5">{preview.text || "(empty)"}</pre>
      </ScrollRegion>
      {preview.isCut && (
        <p className="border-t border-line px-3.5 py-1.5 text-xs text-muted">
          The first 64 KB are shown. Download the file for the rest.
        </p>
      )}
    </>
  );
}
