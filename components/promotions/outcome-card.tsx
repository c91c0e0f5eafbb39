"use client";
import Link from "next/link";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { AbsoluteTime } from "../ui/time";
import { isWaiting, type Promotion } from "./promotion-words";

/** How it ended, or why it was taken back: absent while there is nothing to say. */
export function OutcomeCard({ promotion }: { promotion: Promotion }) {
  const { slug } = useProject();
  const { deployment, reason, state, closedAt } = promotion;
  if (!reason && !deployment) return null;
  return (
    <Card title={isWaiting(promotion) ? "Taken back" : "Outcome"} aside={closedAt && <AbsoluteTime at={closedAt} />}>
      <div className="flex flex-col gap-1.5 text-sm">
        {!isWaiting(promotion) && (
          <p className="flex flex-wrap items-center gap-2">
            <StatusBadge kind="promotion" state={state} />
            {deployment && (
              <Link href={routes.deployments(slug)} className="text-accent underline-offset-2 hover:underline">
                deployment #{deployment.number}
              </Link>
            )}
          </p>
        )}
        {reason && <p className="text-pretty">{reason}</p>}
        {deployment?.smoke && deployment.smoke.error === null && (
          <p className="text-muted">
            The gateway answered {deployment.smoke.rows} recorded rows; the greatest difference was{" "}
            {deployment.smoke.greatestDifference === 0 ? "0" : deployment.smoke.greatestDifference.toExponential(1)}.
          </p>
        )}
      </div>
    </Card>
  );
}
