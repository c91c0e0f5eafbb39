"use client";
import { Download } from "lucide-react";
import { type Column, DataTable } from "../data/data-table";
import { formatBytes } from "../data/format";
import { useProject } from "../providers/project";
import { buttonVariants } from "../ui/button";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import type { Version } from "./version-view";

type Row = Version["files"][number];

/** Every file of the package with its digest; the ONNX file is what is evaluated, signed and served. */
export function FilesCard({ version }: { version: Version }) {
  const project = useProject();
  if (version.files.length === 0) {
    return (
      <Card title="Files">
        <p className="text-sm text-muted">
          The source is elsewhere ({version.source}); this server keeps no file of it.
        </p>
      </Card>
    );
  }
  const columns: readonly Column<Row>[] = [
    {
      id: "path",
      header: "File",
      cell: (row) => (
        <>
          {row.path}
          {row.sha256 === version.onnxSha256 && <span className="ml-2 text-xs font-normal text-muted">served</span>}
        </>
      ),
    },
    { id: "size", header: "Size", align: "right", onPhone: "status", cell: (row) => formatBytes(row.bytes) },
    { id: "digest", header: "Digest", isInteractive: true, cell: (row) => <CopyId value={row.sha256} what="digest" /> },
    {
      id: "download",
      header: "Download",
      isInteractive: true,
      cell: (row) => (
        <a
          href={`/api/projects/${project.id}/model-versions/${version.id}/file?path=${encodeURIComponent(row.path)}`}
          download
          aria-label={`Download ${row.path}`}
          className={buttonVariants({ tone: "ghost", size: "icon-sm" })}
        >
          <Download aria-hidden />
        </a>
      ),
    },
  ];
  return (
    <Card title="Files" aside={version.files.length} isFlush>
      <DataTable
        label="Files of the version"
        rows={version.files}
        columns={columns}
        rowKey={(row) => row.path}
        isBare
      />
    </Card>
  );
}
