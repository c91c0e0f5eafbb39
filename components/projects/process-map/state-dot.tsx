import { Circle, CircleCheck, CircleDotDashed, type LucideIcon } from "lucide-react";
import type { ItemState } from "@/domain/projects/process-map/types";
import { STATE_WORDS } from "@/domain/projects/process-map/words";
import { Badge, type Tone } from "../../ui/badge";
import { cn } from "../../ui/cn";

const LOOKS: Readonly<Record<ItemState, { tone: Tone; icon: LucideIcon; fill: string }>> = {
  done: { tone: "pass", icon: CircleCheck, fill: "bg-pass" },
  begun: { tone: "wait", icon: CircleDotDashed, fill: "bg-wait" },
  not_yet: { tone: "idle", icon: Circle, fill: "bg-line-strong" },
};

/** The state of an item with its word. */
export function ItemBadge({ state }: { state: ItemState }) {
  const look = LOOKS[state];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {STATE_WORDS[state]}
    </Badge>
  );
}

/** One mark an item, for the eye; the place says the count in words. */
export function Marks({ states, isSquare = false }: { states: readonly ItemState[]; isSquare?: boolean }) {
  return (
    <span aria-hidden className={cn("flex shrink-0", isSquare ? "min-w-0 flex-1 basis-60 gap-0.5" : "flex-wrap gap-1")}>
      {states.map((state, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the marks have no identity but their place
          key={index}
          className={cn(isSquare ? "h-2.5 min-w-0 flex-1 rounded-[1px]" : "size-1.5 rounded-full", LOOKS[state].fill)}
        />
      ))}
    </span>
  );
}
