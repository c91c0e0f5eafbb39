import { AlarmClock } from "lucide-react";
import { isItemOpen } from "@/domain/feedback/status";
import type { RouterOutputs } from "../providers/trpc";
import { Badge } from "../ui/badge";
import { RelativeTime } from "../ui/time";

type Item = Pick<RouterOutputs["feedback"]["list"]["items"][number], "state" | "dueAt" | "isOverdue">;

/** When an item should be done; nothing once it is. */
export function DueTime({ item }: { item: Item }) {
  if (!isItemOpen(item.state)) return <span className="text-faint">–</span>;
  if (!item.isOverdue) return <RelativeTime at={item.dueAt} />;
  return (
    <Badge tone="fail" icon={AlarmClock}>
      Overdue <RelativeTime at={item.dueAt} />
    </Badge>
  );
}
