"use client";
import { StatusBadge } from "../data/status-badge";
import { cn } from "../ui/cn";
import { ScrollRegion } from "../ui/scroll-region";
import type { DagProps } from "./dag";

/** The graph's table: each node with its state and what it follows. */
export function DagTable({
  label,
  nodes,
  edges,
  selected,
  onSelect,
  note,
}: Omit<DagProps, "view" | "height"> & { note: string | null }) {
  const titles = new Map(nodes.map((node) => [node.id, node.title]));
  const before = (id: string) =>
    edges.filter((edge) => edge.to === id).map((edge) => titles.get(edge.from) ?? edge.from);
  return (
    <ScrollRegion label={label}>
      {note && <p className="px-3.5 py-2 text-xs text-muted">{note}</p>}
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="text-xs text-muted">
            {["Step", "State", "After", "Detail", ""].map((head) => (
              <th
                key={head}
                scope="col"
                className="h-8 border-b border-line px-2.5 font-normal first:pl-3.5 last:pr-3.5"
              >
                {head || <span className="sr-only">Time</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr
              key={node.id}
              className={cn("border-b border-line last:border-b-0", node.id === selected && "bg-accent-soft")}
            >
              <th scope="row" className="h-8 pr-2.5 pl-3.5 font-semibold">
                {onSelect ? (
                  <button
                    type="button"
                    aria-pressed={node.id === selected}
                    onClick={() => onSelect(node.id)}
                    className="rounded-sm hover:text-accent"
                  >
                    {node.title}
                  </button>
                ) : (
                  node.title
                )}
              </th>
              <td className="px-2.5">{node.status && <StatusBadge {...node.status} />}</td>
              <td className="px-2.5 text-muted">{before(node.id).join(", ") || "–"}</td>
              <td className="px-2.5 text-muted">{node.subtitle ?? "–"}</td>
              <td className="figures pr-3.5 pl-2.5 text-right">{node.aside}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
