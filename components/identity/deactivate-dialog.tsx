"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../providers/trpc";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { TextSkeleton } from "../ui/skeleton";
import { useToast } from "../ui/toast";
import type { Person } from "./people";

/** Lists what is open on a person before their access ends. */
export function DeactivateDialog({
  person,
  onClose,
  onDone,
}: {
  person: Person;
  onClose: () => void;
  onDone: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const duties = useQuery(trpc.identity.duties.queryOptions({ userId: person.userId }));
  const deactivate = useMutation(
    trpc.identity.deactivatePerson.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.identity.pathFilter());
        toast(`${person.name} deactivated`);
        onDone();
      },
    }),
  );
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Deactivate ${person.name}?`}
      act="Deactivate"
      tone="danger"
      nameToType={person.name}
      isPending={deactivate.isPending}
      error={deactivate.error}
      onConfirm={() => deactivate.mutate({ userId: person.userId })}
    >
      <p>Sessions and tokens die at once. Signatures and the audit trail keep the name.</p>
      {duties.isPending && <TextSkeleton lines={2} />}
      {duties.data?.length === 0 && <p className="mt-2">Nothing open counts on them.</p>}
      {duties.data && duties.data.length > 0 && (
        <>
          <p className="mt-2 font-semibold text-text">Somebody else takes over:</p>
          <ul className="mt-1 list-disc pl-5">
            {duties.data.map((duty) => (
              <li key={`${duty.kind}${duty.id}`}>
                {duty.text}
                {duty.project && <span className="text-faint"> · {duty.project.name}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
