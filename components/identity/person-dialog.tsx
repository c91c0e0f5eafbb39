"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { describeError } from "../providers/call-error";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { DeactivateDialog } from "./deactivate-dialog";
import type { Person } from "./people";
import { SecretOnce } from "./secret-once";

/** What an administrator can do with one account: password link, standing, end or restore access. */
export function PersonDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isLeaving, setLeaving] = useState(false);
  const [url, setUrl] = useState<string | null>(null);
  const onSuccess = () => queryClient.invalidateQueries(trpc.identity.pathFilter());
  const reset = useMutation(trpc.identity.createResetLink.mutationOptions({ onSuccess: (link) => setUrl(link.url) }));
  const standing = useMutation(trpc.identity.setStanding.mutationOptions({ onSuccess }));
  const reactivate = useMutation(trpc.identity.reactivatePerson.mutationOptions({ onSuccess }));
  const { userId, name } = person;
  const gone = person.deactivatedAt ? "This account is deactivated." : null;
  const error = reset.error ?? standing.error ?? reactivate.error;
  const asked = standing.data?.route === "second_administrator";
  return (
    <>
      <Dialog
        isOpen={!isLeaving && url === null}
        onOpenChange={(isOpen) => !isOpen && onClose()}
        title={name}
        description={person.email}
        width="md"
      >
        <div className="-my-2 flex flex-col">
          <Act title="Password" text="A link with which they set a new one. It works once, for a day.">
            <Button
              size="sm"
              disabledReason={gone}
              isPending={reset.isPending}
              onClick={() => reset.mutate({ userId })}
            >
              Make reset link
            </Button>
          </Act>
          <Act title="Administrator" text="Manages people and restricted roles. A second administrator confirms.">
            <StandingButton
              person={person}
              standing="ADM"
              reason={gone}
              isPending={standing.isPending}
              onSet={(next) => standing.mutate({ userId, standing: next })}
            />
          </Act>
          <Act title="Auditor" text="Reads everything and exports the audit trail; changes nothing.">
            <StandingButton
              person={person}
              standing="AUD"
              reason={gone}
              isPending={standing.isPending}
              onSet={(next) => standing.mutate({ userId, standing: next })}
            />
          </Act>
          <Act
            title="Access"
            text={
              gone ? "They cannot sign in. What they did stays in the record." : "Ends sessions and tokens at once."
            }
          >
            {gone ? (
              <Button size="sm" isPending={reactivate.isPending} onClick={() => reactivate.mutate({ userId })}>
                Let sign in again
              </Button>
            ) : (
              <Button size="sm" tone="danger" onClick={() => setLeaving(true)}>
                Deactivate…
              </Button>
            )}
          </Act>
        </div>
        {asked && (
          <p role="status" className="mt-3 text-sm text-wait">
            Asked. A second administrator confirms it.
          </p>
        )}
        {error && <CallProblem error={describeError(error)} />}
      </Dialog>
      {isLeaving && <DeactivateDialog person={person} onClose={() => setLeaving(false)} onDone={onClose} />}
      <SecretOnce title={`Reset link for ${name}`} label="reset link" secret={url} onClose={() => setUrl(null)}>
        Hand it over to {name} yourself. Whoever opens it sets the password.
      </SecretOnce>
    </>
  );
}

function StandingButton(props: {
  person: Person;
  standing: "ADM" | "AUD";
  reason: string | null;
  isPending: boolean;
  onSet: (standing: "ADM" | "AUD" | "member") => void;
}) {
  const isHeld = props.person.standing === props.standing;
  const name = props.standing === "ADM" ? "administrator" : "auditor";
  return (
    <Button
      size="sm"
      tone={isHeld ? "danger" : "secondary"}
      disabledReason={props.reason}
      isPending={props.isPending}
      onClick={() => props.onSet(isHeld ? "member" : props.standing)}
      aria-label={isHeld ? `Take the standing ${name} away` : `Make ${name}`}
    >
      {isHeld ? "Take away" : "Grant"}
    </Button>
  );
}

function Act({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line py-2.5 text-sm last:border-b-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-semibold">{title}</p>
        <p className="text-xs text-pretty text-muted">{text}</p>
      </div>
      {children}
    </div>
  );
}
