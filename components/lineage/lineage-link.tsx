"use client";
import { Network } from "lucide-react";
import { textOfNode } from "@/domain/lineage/contracts";
import type { NodeKind } from "@/domain/lineage/types";
import { useProject } from "../providers/project";
import { routes, withQuery } from "../shell/routes";
import { ButtonLink } from "../ui/button";

/** From an artefact's page to what it came from and what came of it. */
export function LineageLink({
  kind,
  reference,
  size = "md",
}: {
  kind: NodeKind;
  reference: string;
  size?: "md" | "sm";
}) {
  const project = useProject();
  return (
    <ButtonLink size={size} href={withQuery(routes.lineage(project.slug), { node: textOfNode({ kind, reference }) })}>
      <Network aria-hidden />
      Lineage
    </ButtonLink>
  );
}
