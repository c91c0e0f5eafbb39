"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { roleNames } from "@/domain/identity/roles";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { CallProblem } from "../ui/error-panel";
import { RelativeTime } from "../ui/time";

/** Open invitations; absent where there are none or the role may not see them. */
export function Invitations() {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const permission = usePermission("identity.invite");
  const { data } = useQuery({
    ...trpc.identity.invitations.queryOptions({ projectId: project.id }),
    enabled: permission.allowed,
  });
  const revoke = useMutation(
    trpc.identity.revokeInvitation.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.identity.pathFilter()),
    }),
  );
  if (!data || data.length === 0) return null;
  return (
    <Card title="Open invitations" aside={<span className="figures">{data.length}</span>} isFlush>
      {data.map((invitation) => (
        <CardRow key={invitation.id} className="items-center">
          <div className="min-w-0 flex-1 text-sm">
            <p className="truncate font-semibold">{invitation.email}</p>
            <p className="text-xs text-muted">
              {roleNames(invitation.roles ?? [])} · by {invitation.invitedBy} <RelativeTime at={invitation.createdAt} />
              {invitation.isExpired && <span className="text-warn"> · expired</span>}
            </p>
          </div>
          <Button
            size="sm"
            tone="danger"
            isPending={revoke.isPending && revoke.variables.invitationId === invitation.id}
            onClick={() => revoke.mutate({ projectId: project.id, invitationId: invitation.id })}
            aria-label={`Revoke the invitation of ${invitation.email}`}
          >
            Revoke
          </Button>
        </CardRow>
      ))}
      {revoke.error && <CallProblem error={describeError(revoke.error)} />}
    </Card>
  );
}
