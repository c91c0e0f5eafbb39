"use client";
import Link from "next/link";
import { definitionChanges } from "@/domain/features/definition";
import { formatCount } from "../data/format";
import { useProject } from "../providers/project";
import { routes, withQuery } from "../shell/routes";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { RelativeTime } from "../ui/time";
import { ChangesList } from "./changes-list";
import { SignedBadge } from "./views-table";
import type { View, ViewVersion } from "./words";

/** All versions, newest first, each with what it changed; the shown one is marked. */
export function VersionsCard({ view, shown }: { view: View; shown: ViewVersion }) {
  const project = useProject();
  return (
    <Card title="Versions" aside={formatCount(view.versions.length)} isFlush>
      <ul>
        {view.versions.map((version) => {
          const isShown = version.id === shown.id;
          const before = view.versions.find((each) => each.version === version.version - 1);
          return (
            <li
              key={version.id}
              className={cn(
                "flex flex-col gap-2 border-b border-line px-3.5 py-2.5 last:border-b-0",
                isShown && "bg-surface-sunken",
              )}
            >
              <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
                <Link
                  href={withQuery(routes.featureView(project.slug, view.name), { version: String(version.version) })}
                  aria-current={isShown ? "true" : undefined}
                  className="font-semibold hover:text-accent"
                >
                  v{version.version}
                </Link>
                <span className="min-w-0 flex-1 text-xs text-muted">
                  {version.author.name}, <RelativeTime at={version.createdAt} />
                </span>
                <SignedBadge state={version.approvalState} />
              </div>
              {before && <ChangesList changes={definitionChanges(before.definition, version.definition)} />}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
