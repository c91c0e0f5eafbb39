"use client";
import { Siren } from "lucide-react";
import { formatNumber } from "../data/format";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { ButtonLink } from "../ui/button";
import { RelativeTime } from "../ui/time";
import { AcknowledgeButton } from "./acknowledge-button";
import { type AlertRow, alertSentence } from "./words";

/** The alert that is open now, above everything else. */
export function AlertBanner({ alert }: { alert: AlertRow }) {
  const project = useProject();
  return (
    <section
      aria-label={`Alert #${alert.number}`}
      className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-3 rounded-lg border border-line border-l-3 border-l-fail bg-surface-raised px-3.5 py-3"
    >
      <div className="flex min-w-0 flex-1 basis-72 items-start gap-3">
        <Siren aria-hidden className="mt-0.5 size-4 shrink-0 text-fail" />
        <div className="min-w-0">
          <p className="font-semibold text-pretty">{alertSentence(alert)}</p>
          <p className="text-sm text-pretty text-muted">
            {alert.rows} answers
            {alert.lower !== null && alert.upper !== null && (
              <>
                , band {formatNumber(alert.lower, 2)} to {formatNumber(alert.upper, 2)}
              </>
            )}
            . Opened <RelativeTime at={alert.createdAt} />, owner {alert.owner}.
          </p>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <AcknowledgeButton alert={alert} />
        <ButtonLink href={routes.alert(project.slug, alert.number)}>Alert #{alert.number}</ButtonLink>
      </div>
    </section>
  );
}
