"use client";
import { usePermission, useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Button, ButtonLink } from "../ui/button";

/** To the form; a button that says why not for whoever may not. */
export function NewMonitorLink() {
  const project = useProject();
  const permission = usePermission("monitoring.edit");
  if (!permission.allowed)
    return (
      <Button tone="primary" disabledReason={permission.reason}>
        New monitor
      </Button>
    );
  return (
    <ButtonLink tone="primary" href={routes.newMonitor(project.slug)}>
      New monitor
    </ButtonLink>
  );
}
