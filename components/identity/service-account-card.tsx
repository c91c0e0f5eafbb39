"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { CardRow } from "../ui/card";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { SecretOnce } from "./secret-once";
import { TokenForm } from "./token-form";
import { TokenRows } from "./token-rows";

type Account = RouterOutputs["identity"]["serviceAccounts"][number];

/** One service account with its tokens. */
export function ServiceAccountCard({ account }: { account: Account }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const permission = usePermission("identity.manage_services");
  const [open, setOpen] = useState<"token" | "close" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const refresh = () => queryClient.invalidateQueries(trpc.identity.pathFilter());
  const create = useMutation(
    trpc.identity.createServiceToken.mutationOptions({
      onSuccess: async ({ token }) => {
        setOpen(null);
        setSecret(token);
        await refresh();
      },
    }),
  );
  const revoke = useMutation(trpc.identity.revokeServiceToken.mutationOptions({ onSuccess: refresh }));
  const close = useMutation(trpc.identity.closeServiceAccount.mutationOptions({ onSuccess: refresh }));
  const place = { projectId: project.id, serviceId: account.serviceId };
  return (
    <div className="border-b border-line last:border-b-0">
      <CardRow className="items-center">
        <Avatar name={account.name} />
        <p className="min-w-0 flex-1 truncate text-sm font-semibold">{account.name}</p>
        <Button
          size="sm"
          disabledReason={permission.reason}
          onClick={() => setOpen("token")}
          aria-label={`New token for ${account.name}`}
        >
          New token
        </Button>
        <Button
          size="sm"
          tone="danger"
          disabledReason={permission.reason}
          onClick={() => setOpen("close")}
          aria-label={`Close ${account.name}`}
        >
          Close
        </Button>
      </CardRow>
      <TokenRows
        tokens={account.tokens}
        disabledReason={permission.reason}
        revoking={revoke.isPending ? revoke.variables.tokenId : null}
        onRevoke={(tokenId) => revoke.mutate({ projectId: project.id, tokenId })}
      />
      {revoke.error && <CallProblem error={describeError(revoke.error)} />}
      <Dialog
        isOpen={open === "token"}
        onOpenChange={() => setOpen(null)}
        title={`New token for ${account.name}`}
        width="md"
      >
        <TokenForm
          scopes={["read", "write", "predict"]}
          isPending={create.isPending}
          problem={create.error ? describeError(create.error) : null}
          onCancel={() => setOpen(null)}
          onSubmit={(wish) => create.mutate({ ...place, ...wish })}
        />
      </Dialog>
      <ConfirmDialog
        isOpen={open === "close"}
        onOpenChange={() => setOpen(null)}
        title={`Close ${account.name}?`}
        act="Close account"
        tone="danger"
        isPending={close.isPending}
        error={close.error}
        onConfirm={() => close.mutate(place)}
      >
        All its tokens die at once. What it did stays in the record under its name.
      </ConfirmDialog>
      <SecretOnce title={`Token of ${account.name}`} label="token" secret={secret} onClose={() => setSecret(null)}>
        Put it into the program's secret store.
      </SecretOnce>
    </div>
  );
}
