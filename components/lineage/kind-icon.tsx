import type { NodeKind } from "@/domain/lineage/types";
import { cn } from "../ui/cn";
import { NODE_LOOKS } from "./kinds";

/** The picture of a kind; its word stands beside it or is read out. */
export function KindIcon({ kind, className }: { kind: NodeKind; className?: string }) {
  const { icon: Icon } = NODE_LOOKS[kind];
  return <Icon aria-hidden className={cn("size-3.5 shrink-0 text-muted", className)} />;
}

/** Picture and word. */
export function KindLabel({ kind }: { kind: NodeKind }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <KindIcon kind={kind} />
      {NODE_LOOKS[kind].word}
    </span>
  );
}
