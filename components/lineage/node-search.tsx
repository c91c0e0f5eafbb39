"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import Link from "next/link";
import { useQueryState } from "nuqs";
import { textOfNode } from "@/domain/lineage/contracts";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes, withQuery } from "../shell/routes";
import { Card } from "../ui/card";
import { EmptyState } from "../ui/empty-state";
import { Input } from "../ui/field";
import { TextSkeleton } from "../ui/skeleton";
import { RelativeTime } from "../ui/time";
import { lineageFilters } from "./filters";
import { KindLabel } from "./kind-icon";

/** Nodes by a part of their name, the newest first; each leads to its graph. */
export function NodeSearch() {
  const trpc = useTRPC();
  const project = useProject();
  // Not debounced: an address that is written late would undo the click on a result.
  const [text, setText] = useQueryState("q", lineageFilters.q);
  const found = useQuery(
    trpc.lineage.search.queryOptions({ projectId: project.id, text }, { placeholderData: keepPreviousData }),
  );
  if (found.error) throw found.error;
  return (
    <Card
      title="Find an artefact"
      isFlush
      aside={
        <span className="relative flex items-center">
          <Search aria-hidden className="pointer-events-none absolute left-2.5 size-3.5 text-faint" />
          <Input
            type="search"
            aria-label="Part of its name"
            value={text}
            maxLength={100}
            placeholder="Part of its name"
            className="w-56 max-w-full pl-8"
            onChange={(event) => void setText(event.target.value || null)}
          />
        </span>
      }
    >
      {!found.data ? (
        <TextSkeleton lines={6} className="px-3.5 py-3" />
      ) : found.data.length === 0 ? (
        <EmptyState
          title={text === "" ? "No lineage yet" : "Nothing has that name"}
          hint={
            text === ""
              ? "An import, a pipeline run or a registration writes the first artefacts here."
              : "Try a shorter part of it."
          }
        />
      ) : (
        <ul aria-busy={found.isPlaceholderData}>
          {found.data.map((node) => (
            <li key={node.id} className="border-b border-line last:border-b-0">
              <Link
                href={withQuery(routes.lineage(project.slug), { node: textOfNode(node) })}
                className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3.5 py-2 text-sm hover:bg-surface-sunken"
              >
                <span className="min-w-0 font-semibold break-words">{node.label}</span>
                <span className="text-xs text-muted">
                  <KindLabel kind={node.kind} />
                </span>
                <RelativeTime at={node.createdAt} className="ml-auto text-xs text-muted" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
