"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { describeError } from "../providers/call-error";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { EmptyState } from "../ui/empty-state";
import { CallProblem } from "../ui/error-panel";
import { SecretOnce } from "./secret-once";
import { TokenForm } from "./token-form";
import { TokenRows } from "./token-rows";

type Props = {
  /** A project's tokens and new ones for it; null: the person's tokens of all projects, new ones for the organisation. */
  projectId: string | null;
  projectName?: string;
  /** Why no new one can be made here. */
  newReason?: string | null;
};

/** The person's own tokens: by them a program acts in their name, never with more than their present roles. */
export function TokenList({ projectId, projectName, newReason = null }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: tokens } = useSuspenseQuery(trpc.identity.tokens.queryOptions(projectId ? { projectId } : {}));
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const refresh = () => queryClient.invalidateQueries(trpc.identity.tokens.pathFilter());
  const create = useMutation(
    trpc.identity.createToken.mutationOptions({
      onSuccess: async ({ token }) => {
        setMaking(false);
        setSecret(token);
        await refresh();
      },
    }),
  );
  const revoke = useMutation(trpc.identity.revokeToken.mutationOptions({ onSuccess: refresh }));
  const open = (isOpen: boolean) => {
    create.reset();
    setMaking(isOpen);
  };
  return (
    <Card
      title="My tokens"
      isFlush
      aside={
        <Button size="sm" disabledReason={newReason} onClick={() => open(true)}>
          <KeyRound aria-hidden />
          New token
        </Button>
      }
    >
      {tokens.length === 0 ? (
        <EmptyState
          title="No tokens"
          hint="A token lets a script, a notebook or the command line act in your name, with no more than your roles."
        />
      ) : (
        <TokenRows
          tokens={tokens.map((token) => ({
            ...token,
            place: projectId ? null : (token.project ?? "whole organisation"),
          }))}
          revoking={revoke.isPending ? revoke.variables.tokenId : null}
          onRevoke={(tokenId) => revoke.mutate({ tokenId })}
        />
      )}
      {revoke.error && <CallProblem error={describeError(revoke.error)} />}
      <Dialog
        isOpen={isMaking}
        onOpenChange={open}
        title="New token"
        description={projectName ? `For the project ${projectName} only.` : "For the whole organisation."}
        width="md"
      >
        <TokenForm
          scopes={["read", "write", "predict", "sign"]}
          isPending={create.isPending}
          problem={create.error ? describeError(create.error) : null}
          onCancel={() => open(false)}
          onSubmit={(wish) => create.mutate({ ...wish, projectId })}
        />
      </Dialog>
      <SecretOnce title="Your new token" label="token" secret={secret} onClose={() => setSecret(null)}>
        Programs send it as a bearer token; the MLflow client takes it as MLFLOW_TRACKING_TOKEN.
      </SecretOnce>
    </Card>
  );
}
