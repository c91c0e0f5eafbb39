"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApprovalCard } from "../approvals/approval-card";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import type { View, ViewVersion } from "./words";

/** The two signatures of a version, and the buttons of whoever may give one. */
export function SignaturesCard({ view, version }: { view: View; version: ViewVersion }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const refetch = () => queryClient.invalidateQueries(trpc.features.pathFilter());
  const sign = useMutation(trpc.features.sign.mutationOptions({ onSettled: refetch }));
  const giveBack = useMutation(trpc.features.return.mutationOptions({ onSettled: refetch }));
  if (!version.approval) return null;
  const about = { projectId: project.id, viewVersionId: version.id };
  return (
    <ApprovalCard
      signed={{
        subject: "feature_view",
        name: `${view.name} v${version.version}`,
        opens: "production pipelines and the online table",
        rules: version.approval.rules,
        signatures: version.approval.signatures,
        holders: view.signers,
        myRoles: view.myRoles,
      }}
      sign={{
        isPending: sign.isPending,
        error: sign.error,
        send: (statement, onSuccess) => sign.mutate({ ...about, ...statement }, { onSuccess }),
      }}
      giveBack={{
        isPending: giveBack.isPending,
        error: giveBack.error,
        send: ({ meaning: _, ...statement }, onSuccess) => giveBack.mutate({ ...about, ...statement }, { onSuccess }),
      }}
    />
  );
}
