"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { MemberRole } from "@/domain/identity/contracts";
import { FREE_ROLES, isRestricted, RESTRICTED_ROLES } from "@/domain/identity/grants";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import type { MemberRow } from "./members";
import { ROLE_DUTIES, roleTitle } from "./role-words";

type Waiting = RouterOutputs["identity"]["members"]["waiting"][number];
const ORDER = [...RESTRICTED_ROLES, ...FREE_ROLES].sort() as readonly MemberRole[];

/** The seven roles of one person: give or take each. Works at the person's next request. */
export function RolesDialog({
  member,
  waiting,
  onClose,
}: {
  member: MemberRow;
  waiting: readonly Waiting[];
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries(trpc.identity.pathFilter());
  const grant = useMutation(trpc.identity.grantRole.mutationOptions({ onSuccess }));
  const remove = useMutation(trpc.identity.removeRole.mutationOptions({ onSuccess }));
  const error = grant.error ?? remove.error;
  const isPending = (role: MemberRole) =>
    [grant, remove].some((call) => call.isPending && call.variables.role === role);
  const toggle = (role: MemberRole) => {
    const input = { projectId: project.id, userId: member.userId, role };
    grant.reset();
    remove.reset();
    if (member.roles.includes(role)) remove.mutate(input);
    else grant.mutate(input);
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Roles of ${member.name}`}
      description="A role counts from the person's next request. What was signed stays signed."
      width="md"
      footer={<Button onClick={onClose}>Done</Button>}
    >
      <ul className="-my-2 flex flex-col">
        {ORDER.map((role) => (
          <RoleLine
            key={role}
            role={role}
            isHeld={member.roles.includes(role)}
            isWaiting={waiting.some((each) => each.userId === member.userId && each.role === role)}
            isDeactivated={member.isDeactivated}
            isPending={isPending(role)}
            onToggle={() => toggle(role)}
          />
        ))}
      </ul>
      {error && <CallProblem error={describeError(error)} />}
    </Dialog>
  );
}

function RoleLine(props: {
  role: MemberRole;
  isHeld: boolean;
  isWaiting: boolean;
  isDeactivated: boolean;
  isPending: boolean;
  onToggle: () => void;
}) {
  const permission = usePermission(isRestricted(props.role) ? "identity.grant_restricted" : "identity.invite");
  const waitingReason = props.isWaiting ? "A second administrator confirms this one." : null;
  const goneReason = props.isDeactivated && !props.isHeld ? "This account is deactivated." : null;
  const title = roleTitle(props.role);
  return (
    <li className="flex items-center gap-3 border-b border-line py-2 text-sm last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className={props.isHeld ? "font-semibold" : undefined}>
          {title}
          {isRestricted(props.role) && <span className="font-normal text-faint"> · two administrators</span>}
        </p>
        <p className="text-xs text-pretty text-muted">{ROLE_DUTIES[props.role]}</p>
      </div>
      <Button
        size="sm"
        tone={props.isHeld ? "danger" : "secondary"}
        disabledReason={permission.reason ?? waitingReason ?? goneReason}
        isPending={props.isPending}
        onClick={props.onToggle}
        aria-label={`${props.isHeld ? "Take away" : "Grant"} ${title}`}
      >
        {props.isHeld ? "Take away" : props.isWaiting ? "Waiting" : "Grant"}
      </Button>
    </li>
  );
}
