"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Ban, Hourglass } from "lucide-react";
import Link from "next/link";
import { roleNames } from "@/domain/identity/roles";
import { isPromotionOpen } from "@/domain/promotions/status";
import { SignActions } from "../approvals/sign-actions";
import { SignaturesCard } from "../approvals/signatures-card";
import { signingOf } from "../approvals/signing";
import { formatDay } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { useMe } from "../providers/me";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes } from "../shell/routes";
import { Badge } from "../ui/badge";
import { Card } from "../ui/card";
import { TextSkeleton } from "../ui/skeleton";
import { RelativeTime } from "../ui/time";
import { ChangesCard } from "./changes-card";
import { LineageCard } from "./lineage-card";
import { NotesCard } from "./notes-card";
import { OutcomeCard } from "./outcome-card";
import { PromotionActions } from "./promotion-actions";
import { isWaiting, type Promotion, stateWord } from "./promotion-words";
import { VerdictCard } from "./verdict-card";

/** One page, no tabs: the evidence, what changes, the lineage; beside it the signatures. */
export function PromotionView({ number }: { number: number }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: promotion } = useSuspenseQuery(trpc.promotions.get.queryOptions({ projectId: project.id, number }));
  const name = `v${promotion.version} to ${promotion.environment}`;
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Promotions", href: routes.promotions(project.slug) },
      ]}
      name={name}
      title={
        <>
          <Link
            href={routes.modelVersion(project.slug, promotion.model, promotion.version)}
            className="hover:text-accent"
          >
            {promotion.model} <span className="font-medium text-muted">v{promotion.version}</span>
          </Link>{" "}
          <span className="px-1 font-normal text-faint">→</span> {promotion.environment}
        </>
      }
      status={<State promotion={promotion} />}
      meta={<Meta promotion={promotion} />}
      actions={<PromotionActions promotion={promotion} />}
    >
      <TwoColumns side={<Side promotion={promotion} />}>
        <OutcomeCard promotion={promotion} />
        {promotion.evidence ? <VerdictCard promotion={promotion} /> : <Evaluating promotion={promotion} />}
        <ChangesCard promotion={promotion} />
        <LineageCard promotion={promotion} />
      </TwoColumns>
      {isWaiting(promotion) && (
        <div className="sm:hidden">
          <div aria-hidden className="h-20" />
          <div className="layer-bar fixed inset-x-0 bottom-0 border-t border-line bg-surface-raised px-4 py-3">
            <SignActions promotion={promotion} form="bar" />
          </div>
        </div>
      )}
    </PageFrame>
  );
}

function Side({ promotion }: { promotion: Promotion }) {
  return (
    <>
      <SignaturesCard promotion={promotion} />
      <NotesCard promotion={promotion} />
    </>
  );
}

function State({ promotion }: { promotion: Promotion }) {
  const me = useMe();
  if (promotion.state === "waiting" && promotion.approval.rules.blockingRules.length > 0) {
    const results = promotion.evidence?.record.results ?? [];
    if (!results.some(({ verdict }) => verdict === "fail" || verdict === "error")) {
      return (
        <Badge tone="wait" icon={Hourglass}>
          Waits for its review
        </Badge>
      );
    }
    return (
      <Badge tone="fail" icon={Ban}>
        Blocked by its verdicts
      </Badge>
    );
  }
  const word = stateWord(promotion, signingOf(promotion, me.userId).asRole !== null);
  return <StatusBadge kind="promotion" state={promotion.state} {...(word && { word })} />;
}

function Meta({ promotion }: { promotion: Promotion }) {
  const { proposer, replaces, baselineVersion, comment } = promotion;
  return (
    <>
      <p>
        Proposed by {proposer.name}
        {proposer.roles.length > 0 && `, ${roleNames(proposer.roles)}`}, <RelativeTime at={promotion.createdAt} />
        {baselineVersion === null
          ? ` · first version in ${promotion.environment}`
          : ` · ${isPromotionOpen(promotion.state) ? "replaces" : "compared with"} v${baselineVersion}`}
        {baselineVersion !== null &&
          replaces?.activatedAt &&
          `, in ${promotion.environment} since ${formatDay(replaces.activatedAt)}`}{" "}
        · {promotion.risk} risk
      </p>
      {comment && <p className="mt-1 max-w-prose text-text">{comment}</p>}
    </>
  );
}

function Evaluating({ promotion }: { promotion: Promotion }) {
  if (promotion.state !== "evaluating") return null;
  return (
    <Card title="Evidence" aside="being computed">
      <p className="mb-3 text-sm text-muted">
        The platform runs v{promotion.version} on the hold-out of {promotion.policy.name} and compares it with what
        serves.
      </p>
      <TextSkeleton lines={4} />
    </Card>
  );
}
