"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { countOf } from "../data/format";
import { StatusBadge } from "../data/status-badge";
import { LineageLink } from "../lineage/lineage-link";
import { usePermission, useProject } from "../providers/project";
import { type RouterOutputs, useTRPC } from "../providers/trpc";
import { OpenReviewButton } from "../reviews/open-review-button";
import { PageFrame, TwoColumns } from "../shell/page-frame";
import { routes, withQuery } from "../shell/routes";
import { Button } from "../ui/button";
import { Card, CardRow } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { SummaryStrip } from "../ui/key-value";
import { RelativeTime } from "../ui/time";
import { AliasTags } from "./alias-tags";
import { ContractCard } from "./contract-card";
import { FilesCard } from "./files-card";
import { EvaluationsCard, LoggedMetricsCard } from "./measurements";
import { OriginCard } from "./origin-card";
import { ORIGIN_WORDS } from "./words";

export type Version = RouterOutputs["registry"]["version"];

/** One version: what it is, where it came from, how good it is, and where it went. */
export function VersionView({ name, version: number }: { name: string; version: number }) {
  const trpc = useTRPC();
  const project = useProject();
  const { data: version } = useSuspenseQuery(
    trpc.registry.version.queryOptions({ projectId: project.id, name, version: number }),
  );
  return (
    <PageFrame
      crumbs={[
        { label: project.name, href: routes.project(project.slug) },
        { label: "Models", href: routes.models(project.slug) },
        { label: version.model.name, href: routes.model(project.slug, version.model.name) },
      ]}
      title={`${version.model.name} v${version.version}`}
      status={<AliasTags aliases={version.aliases.map((alias) => ({ alias }))} />}
      meta={version.description || undefined}
      actions={
        <>
          <LineageLink kind="model_version" reference={version.id} />
          <OpenReviewButton
            subject={{ kind: "model_version", modelVersionId: version.id }}
            name={`${version.model.name} v${version.version}`}
          />
          <ProposeButton version={version} />
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Summary version={version} />
        <TwoColumns side={<SideCards version={version} />}>
          <EvaluationsCard version={version} />
          <ContractCard version={version} />
          {version.run && <LoggedMetricsCard run={version.run} />}
          <FilesCard version={version} />
        </TwoColumns>
      </div>
    </PageFrame>
  );
}

function Summary({ version }: { version: Version }) {
  return (
    <SummaryStrip
      pairs={[
        { key: "Registered", value: <RelativeTime at={version.createdAt} /> },
        { key: "By", value: version.registeredBy ?? "a policy" },
        { key: "From", value: ORIGIN_WORDS[version.origin] },
        version.commit === null
          ? null
          : { key: "Commit", value: <CopyId value={version.commit} what="commit" text={version.commit.slice(0, 8)} /> },
        {
          key: "ONNX file",
          value: version.onnxSha256 ? (
            <CopyId value={version.onnxSha256} what="ONNX digest" />
          ) : (
            "none, so it cannot be promoted"
          ),
        },
        { key: "Files", value: countOf(version.files.length, "file") },
      ]}
    />
  );
}

/** To the form of a proposal, with this version chosen; disabled with the reason for who may not, or what cannot be proposed. */
function ProposeButton({ version }: { version: Version }) {
  const project = useProject();
  const router = useRouter();
  const permission = usePermission("promotions.propose");
  const form = withQuery(routes.newPromotion(project.slug), { version: version.id });
  return (
    <Button
      tone="primary"
      disabledReason={permission.reason ?? version.proposalRefusal}
      onClick={() => router.push(form)}
    >
      Propose promotion
    </Button>
  );
}

function SideCards({ version }: { version: Version }) {
  const project = useProject();
  return (
    <>
      <OriginCard version={version} />
      <Card title="Promotions" isFlush>
        {version.promotions.length === 0 ? (
          <p className="px-3.5 py-3 text-sm text-muted">It was not proposed for an environment yet.</p>
        ) : (
          version.promotions.map((promotion) => (
            <CardRow key={promotion.number}>
              <div className="min-w-0 flex-1 text-sm">
                <Link
                  href={routes.promotion(project.slug, promotion.number)}
                  className="font-semibold hover:text-accent"
                >
                  #{promotion.number} to {promotion.environment}
                </Link>
                <p className="text-xs text-muted">
                  by {promotion.proposedBy}, <RelativeTime at={promotion.createdAt} />
                </p>
              </div>
              <StatusBadge kind="promotion" state={promotion.state} />
            </CardRow>
          ))
        )}
      </Card>
      {version.deployments.length > 0 && (
        <Card title="Deployments" isFlush>
          {version.deployments.map((deployment) => (
            <CardRow key={deployment.number}>
              <div className="min-w-0 flex-1 text-sm">
                <Link href={routes.deployments(project.slug)} className="font-semibold hover:text-accent">
                  #{deployment.number} in {deployment.environment}
                </Link>
                <p className="text-xs text-muted">
                  {deployment.activatedAt ? (
                    <>
                      since <RelativeTime at={deployment.activatedAt} />
                    </>
                  ) : (
                    "not active yet"
                  )}
                </p>
              </div>
              <StatusBadge kind="deployment" state={deployment.state} />
            </CardRow>
          ))}
        </Card>
      )}
    </>
  );
}
