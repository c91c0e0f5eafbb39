"use client";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Monitor } from "lucide-react";
import { describeError } from "../providers/call-error";
import { useTRPC } from "../providers/trpc";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";
import { browserName } from "./browser-name";

/** Where the person is signed in; each can be ended from here, at once. */
export function Sessions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: sessions } = useSuspenseQuery(trpc.identity.sessions.queryOptions());
  const revoke = useMutation(
    trpc.identity.revokeSession.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.identity.sessions.pathFilter()),
    }),
  );
  return (
    <Card title="Sessions" aside={<span className="figures">{sessions.length}</span>} isFlush>
      {sessions.map((session) => (
        <CardRow key={session.id} className="items-center">
          <Monitor aria-hidden className="size-4 shrink-0 text-muted" />
          <div className="min-w-0 flex-1 text-sm">
            <p className="font-semibold">
              {browserName(session.userAgent)} {session.isCurrent && <Tag>this one</Tag>}
            </p>
            <p className="text-xs text-muted">
              signed in <RelativeTime at={session.createdAt} /> · ends <RelativeTime at={session.expiresAt} />
            </p>
          </div>
          <Button
            size="sm"
            tone="danger"
            disabledReason={session.isCurrent ? "This is the session you use. Sign out instead." : null}
            isPending={revoke.isPending && revoke.variables.sessionId === session.id}
            onClick={() => revoke.mutate({ sessionId: session.id })}
            aria-label={`End the session in ${browserName(session.userAgent)}`}
          >
            End
          </Button>
        </CardRow>
      ))}
      {revoke.error && <CallProblem error={describeError(revoke.error)} />}
    </Card>
  );
}
