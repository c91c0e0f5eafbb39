"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { formatBytes, formatShare } from "../data/format";
import type { CallError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CallProblem } from "../ui/error-panel";
import { Field, Input } from "../ui/field";
import { useToast } from "../ui/toast";
import type { Dataset } from "./dataset-view";
import { datasetView } from "./filters";
import { draftFrom, type ImportDraft, optionsOf } from "./import-draft";
import { ImportOptionFields } from "./import-option-fields";
import { type Imported, uploadCsv } from "./upload-csv";

/** Sends a file with its options, tells how far it is, and shows the version that it became. */
export function ImportForm({ dataset, onDone }: { dataset: Dataset; onDone: () => void }) {
  const done = useImported(dataset, onDone);
  const project = useProject();
  const [file, setFile] = useState<File | null>(null);
  const [draft, setDraft] = useState<ImportDraft>(() => draftFrom(dataset.newestOptions));
  const [isTried, setTried] = useState(false);
  const [sent, setSent] = useState(0);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const result = optionsOf(draft);
  const upload = useMutation<Imported, CallError, Readonly<Record<string, unknown>>>({
    mutationFn: (options) => {
      abort.current = new AbortController();
      setSent(0);
      if (!file) return Promise.reject(new Error("No file was chosen."));
      const { allowMissingColumns } = draft;
      return uploadCsv({
        projectId: project.id,
        dataset: dataset.name,
        file,
        options,
        allowMissingColumns,
        onProgress: setSent,
        signal: abort.current.signal,
      });
    },
    onSuccess: done,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (file && result.problem === null) upload.mutate(result.options);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="File"
        hint={file ? formatBytes(file.size) : undefined}
        error={isTried && !file ? "Choose a CSV file." : null}
      >
        {(field) => (
          <Input
            {...field}
            type="file"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            className="h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-surface-sunken file:px-2 file:py-1 file:text-xs file:font-semibold file:text-text pointer-coarse:h-auto"
            onChange={(event) => {
              setFile(event.target.files?.[0] ?? null);
              upload.reset();
            }}
          />
        )}
      </Field>
      <ImportOptionFields
        draft={draft}
        problem={isTried ? result.problem : null}
        hasVersions={dataset.versions.length > 0}
        onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
      />
      {upload.error && <CallProblem error={upload.error} />}
      {upload.isPending && <Progress share={sent} />}
      <div className="flex justify-end gap-2">
        {upload.isPending && <Button onClick={() => abort.current?.abort()}>Stop</Button>}
        <Button type="submit" tone="primary" isPending={upload.isPending}>
          Import
        </Button>
      </div>
    </form>
  );
}

/** Afterwards the page shows the version; a file that is there already is said to be so. */
function useImported(dataset: Dataset, onDone: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [, setView] = useQueryStates(datasetView);
  return async ({ version, isNew }: Imported) => {
    await queryClient.invalidateQueries(trpc.data.pathFilter());
    await setView({ version, report: null, from: null });
    toast(isNew ? `${dataset.name} v${version} imported` : `The same file and options are v${version} already`);
    onDone();
  };
}

function Progress({ share }: { share: number }) {
  const isSent = share >= 1;
  return (
    <div className="flex flex-col gap-1.5">
      <progress
        aria-label="Upload"
        className="h-1.5 w-full appearance-none overflow-clip rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-surface-sunken [&::-webkit-progress-value]:bg-accent"
        max={1}
        {...(!isSent && { value: share })}
      />
      <p aria-live="polite" className="text-xs text-muted">
        {isSent ? "Sent. The rows are being read and profiled." : `${formatShare(share, 0)} sent`}
      </p>
    </div>
  );
}
