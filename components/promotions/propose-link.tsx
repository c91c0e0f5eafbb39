"use client";
import { useRouter } from "next/navigation";
import { usePermission, useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";

/** To the form of a proposal; disabled with the reason for who may not propose. */
export function ProposeLink() {
  const project = useProject();
  const permission = usePermission("promotions.propose");
  const router = useRouter();
  if (permission.allowed) {
    return (
      <ButtonLink tone="primary" href={routes.newPromotion(project.slug)}>
        Propose a version
      </ButtonLink>
    );
  }
  return (
    <Button
      tone="primary"
      disabledReason={permission.reason}
      onClick={() => router.push(routes.newPromotion(project.slug))}
    >
      Propose a version
    </Button>
  );
}
