"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import type { Place } from "./deployments-view";

type Line = NonNullable<Place["active"]>;

/** By which promotion, or whose rollback. */
export function Origin({ line }: { line: Pick<Line, "promotionNumber" | "kind" | "requestedBy"> }): ReactNode {
  const project = useProject();
  if (line.promotionNumber !== null) {
    return (
      <Link href={routes.promotion(project.slug, line.promotionNumber)} className="hover:text-accent">
        promotion #{line.promotionNumber}
      </Link>
    );
  }
  return line.requestedBy ? `rollback by ${line.requestedBy}` : line.kind;
}
