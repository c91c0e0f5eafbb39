import type { Column } from "../data/table-types";
import type { RouterOutputs } from "../providers/trpc";
import { CopyId } from "../ui/copy-id";
import { AbsoluteTime } from "../ui/time";
import { ProofBadge } from "./proof-badge";

export type AuditEvent = RouterOutputs["audit"]["list"]["events"][number];

/** Time, who, did what to what, digest and whether it holds; the sentence opens the proof. */
export function auditColumns(onOpen: (eventId: string) => void): readonly Column<AuditEvent>[] {
  return [
    {
      id: "at",
      header: "Time",
      cell: (event) => <AbsoluteTime at={event.at} className="whitespace-nowrap" />,
      onPhone: "meta",
    },
    {
      id: "who",
      header: "Who",
      onPhone: "meta",
      cell: (event) => <span className="whitespace-nowrap">{event.actorName}</span>,
    },
    {
      id: "what",
      header: "Did what",
      onPhone: "meta",
      isInteractive: true,
      className: "min-w-72",
      cell: (event) => (
        <button
          type="button"
          onClick={() => onOpen(event.id)}
          className="rounded-sm text-left text-pretty underline-offset-2 hover:text-accent hover:underline"
        >
          {event.summary}
        </button>
      ),
    },
    {
      id: "action",
      header: "Action",
      cell: (event) => <span className="font-mono text-xs text-muted">{event.action}</span>,
    },
    {
      id: "digest",
      header: "Digest",
      isInteractive: true,
      onPhone: "none",
      cell: (event) => <CopyId value={event.sha256} what="digest" />,
    },
    { id: "proof", header: "Proof", onPhone: "status", cell: (event) => <ProofBadge proof={event.proof} /> },
  ];
}
