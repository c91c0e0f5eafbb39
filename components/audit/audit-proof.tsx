"use client";
import { useQuery } from "@tanstack/react-query";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { CodeBlock } from "../ui/code-block";
import { CopyId } from "../ui/copy-id";
import { Dialog } from "../ui/dialog";
import { ErrorPanel } from "../ui/error-panel";
import { KeyValue } from "../ui/key-value";
import { TextSkeleton } from "../ui/skeleton";
import { AbsoluteTime } from "../ui/time";
import { ProofBadge } from "./proof-badge";

type Shown = RouterOutputs["audit"]["get"];

/** The proof of one event: the exact text, its digest, its place in the chain. */
export function AuditProof({
  projectId,
  eventId,
  onClose,
}: {
  projectId: string | null;
  eventId: string;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const ofProject = useQuery({
    ...trpc.audit.get.queryOptions({ projectId: projectId ?? "", eventId }),
    enabled: projectId !== null,
  });
  const ofAll = useQuery({ ...trpc.audit.getOrganisation.queryOptions({ eventId }), enabled: projectId === null });
  const query = projectId === null ? ofAll : ofProject;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Proof"
      description={query.data ? `${query.data.event.actorName} ${query.data.event.summary}` : "Loading the event."}
      width="lg"
    >
      {query.isPending && <TextSkeleton lines={6} />}
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <ProofBody shown={query.data} />}
    </Dialog>
  );
}

function ProofBody({ shown: { event, seal, proof, fault } }: { shown: Shown }) {
  return (
    <div className="flex flex-col gap-4">
      <div className="overflow-clip rounded-lg border border-line">
        <KeyValue
          pairs={[
            {
              key: "State",
              value: <ProofBadge proof={proof} />,
              aside: fault ?? (seal ? null : "The sealer chains it within seconds."),
            },
            { key: "Time", value: <AbsoluteTime at={event.createdAt} /> },
            { key: "Action", value: <span className="font-mono text-xs">{event.action}</span> },
            {
              key: "About",
              value: `${event.entityKind.replaceAll("_", " ")}`,
              aside: <CopyId value={event.entityId} what="id" />,
            },
            { key: "SHA-256 of the text", value: <CopyId value={event.sha256} what="digest" text={event.sha256} /> },
            seal && { key: "Seal", value: `number ${seal.sequence}`, aside: <AbsoluteTime at={seal.sealedAt} /> },
            seal && {
              key: "Seal before",
              value: <CopyId value={seal.previousSha256} what="seal before" text={seal.previousSha256} />,
            },
            seal && { key: "This seal", value: <CopyId value={seal.sha256} what="seal" text={seal.sha256} /> },
          ]}
        />
      </div>
      <div>
        <h3 className="mb-1.5 text-sm font-semibold">The exact text</h3>
        <CodeBlock label="text of the event" code={event.text} />
        <p className="mt-1.5 text-xs text-pretty text-muted">
          The digest is the SHA-256 of this text. A seal is the SHA-256 of its number, the seal before and the digest,
          each on a line of its own.
        </p>
      </div>
    </div>
  );
}
