"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import { describeError } from "../providers/call-error";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";
import { roleTitle } from "./role-words";

type Grant = RouterOutputs["identity"]["grants"][number];

/** Grants that wait for a second administrator; absent while there are none. */
export function Grants({ reason }: { reason: string | null }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: grants } = useSuspenseQuery(trpc.identity.grants.queryOptions());
  const decide = useMutation(
    trpc.identity.decideGrant.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.identity.pathFilter()),
    }),
  );
  if (grants.length === 0) return null;
  return (
    <Card title="Waiting for a second administrator" aside={<span className="figures">{grants.length}</span>} isFlush>
      {grants.map((grant) => (
        <GrantRow
          key={grant.id}
          grant={grant}
          reason={reason}
          isPending={decide.isPending && decide.variables.grantId === grant.id}
          onDecide={(isGranted) => decide.mutate({ grantId: grant.id, isGranted })}
        />
      ))}
      {decide.error && <CallProblem error={describeError(decide.error)} />}
    </Card>
  );
}

function GrantRow(props: {
  grant: Grant;
  reason: string | null;
  isPending: boolean;
  onDecide: (isGranted: boolean) => void;
}) {
  const { grant } = props;
  const own = grant.isMine ? "You asked for this grant. A second administrator confirms it." : null;
  const what = `${roleTitle(grant.role)} for ${grant.person}`;
  return (
    <CardRow className="flex-wrap items-center">
      <Hourglass aria-hidden className="size-4 shrink-0 text-wait" />
      <div className="min-w-0 flex-1 basis-48 text-sm">
        <p className="font-semibold">{what}</p>
        <p className="text-xs text-muted">
          {grant.project ?? "Whole organisation"} · asked by {grant.isMine ? "you" : grant.requester}{" "}
          <RelativeTime at={grant.createdAt} />
        </p>
      </div>
      <Button
        size="sm"
        tone="danger"
        disabledReason={props.reason}
        isPending={props.isPending}
        onClick={() => props.onDecide(false)}
        aria-label={`Decline ${what}`}
      >
        {grant.isMine ? "Take back" : "Decline"}
      </Button>
      <Button
        size="sm"
        disabledReason={props.reason ?? own}
        isPending={props.isPending}
        onClick={() => props.onDecide(true)}
        aria-label={`Confirm ${what}`}
      >
        Confirm
      </Button>
    </CardRow>
  );
}
