"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Zap } from "lucide-react";
import { useState } from "react";
import { materializationRefusal } from "@/domain/features/policy";
import { viewVersionName } from "@/domain/features/view-reference";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { useToast } from "../ui/toast";
import type { View, ViewVersion } from "./words";

/** Publishes a version the first time; afterwards copies its newest values again. */
export function PublishButton({ view, version }: { view: View; version: ViewVersion }) {
  const copies = view.copies.filter((copy) => copy.version === version.version);
  const isPublished = copies.some((copy) => copy.state === "succeeded");
  const publish = usePermission("features.publish");
  const run = usePermission("features.run_production");
  const permission = isPublished ? run : publish;
  const refusal = materializationRefusal({
    name: viewVersionName(view.name, version.version),
    isSigned: version.isSigned,
    hasDatasetVersion: view.dataset.versionId !== null,
    isOneOpen: copies.some((copy) => copy.finishedAt === null),
    mayPublish: publish.allowed,
    isPublished,
  });
  const reason = permission.reason ?? refusal?.sentence ?? null;
  return isPublished ? (
    <RefreshButton version={version} reason={reason} />
  ) : (
    <FirstButton view={view} version={version} reason={reason} />
  );
}

function FirstButton({ view, version, reason }: { view: View; version: ViewVersion; reason: string | null }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const publish = useMutation(
    trpc.features.publish.mutationOptions({
      onSuccess: () => setOpen(false),
      onSettled: () => queryClient.invalidateQueries(trpc.features.pathFilter()),
    }),
  );
  return (
    <>
      <Button tone="primary" disabledReason={reason} onClick={() => setOpen(true)}>
        <Zap aria-hidden />
        Publish
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Publish ${viewVersionName(view.name, version.version)}?`}
        act="Publish"
        isPending={publish.isPending}
        error={publish.error}
        onConfirm={() => publish.mutate({ projectId: project.id, viewVersionId: version.id })}
      >
        The newest value of each entity in {view.dataset.name} v{view.dataset.version} is copied to the online table,
        and again with every version that is imported.
      </ConfirmDialog>
    </>
  );
}

function RefreshButton({ version, reason }: { version: ViewVersion; reason: string | null }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const toast = useToast();
  const refresh = useMutation(
    trpc.features.refresh.mutationOptions({
      onError: (error) => toast(describeError(error).message, { tone: "failed" }),
      onSettled: () => queryClient.invalidateQueries(trpc.features.pathFilter()),
    }),
  );
  return (
    <Button
      disabledReason={reason}
      isPending={refresh.isPending}
      onClick={() => refresh.mutate({ projectId: project.id, viewVersionId: version.id })}
    >
      <Zap aria-hidden />
      Copy again
    </Button>
  );
}
