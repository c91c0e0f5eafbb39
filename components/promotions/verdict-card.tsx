"use client";
import Link from "next/link";
import { verdictSummary } from "@/domain/promotions/gate";
import type { RuleResult } from "@/domain/promotions/types";
import { reviewName } from "@/domain/reviews/outcome";
import { Position } from "../data/position";
import { StatusBadge } from "../data/status-badge";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Card } from "../ui/card";
import { CopyId } from "../ui/copy-id";
import { ScrollRegion } from "../ui/scroll-region";
import type { Promotion } from "./promotion-words";
import { intervalText, limitText, numberText, positionLabel, VERDICT_TONE } from "./rule-text";

/** What the verdicts mean for the people who sign, in one sentence. */
function hintFor(results: readonly RuleResult[]): string {
  const has = (verdict: RuleResult["verdict"]) => results.some((result) => result.verdict === verdict);
  if (has("fail") || has("error")) return "What failed or could not be judged cannot be signed away.";
  if (has("not_yet")) return "Nobody can sign before the review is approved. It opens by itself when it is.";
  if (has("inconclusive")) return "An inconclusive rule needs a person's judgement. It never opens by itself.";
  return "Measured by the platform on the registered file.";
}

/** The rules with their measurements: value, what serves now, limit and position on one line. */
export function VerdictCard({ promotion }: { promotion: Promotion }) {
  const { evidence } = promotion;
  if (!evidence) return null;
  const { results } = evidence.record;
  const names = {
    version: `v${promotion.version}`,
    current: promotion.baselineVersion === null ? null : `v${promotion.baselineVersion} now`,
  };
  return (
    <Card
      isFlush
      title={verdictSummary(results)}
      aside={
        <span className="flex items-center gap-1.5">
          evidence <CopyId value={evidence.digest} what="evidence digest" />
        </span>
      }
    >
      <p className="border-b border-line px-3.5 py-2 text-xs text-muted">{hintFor(results)}</p>
      <ReviewLine promotion={promotion} />
      <RuleTable results={results} names={names} />
      <RuleList results={results} />
    </Card>
  );
}

/** To the review that the policy asks for, or to where one is opened. */
function ReviewLine({ promotion }: { promotion: Promotion }) {
  const project = useProject();
  const { review, policy, model, version } = promotion;
  if (!policy.rules.reviewRoles?.length) return null;
  return (
    <p className="border-b border-line px-3.5 py-2 text-sm">
      {review ? (
        <Link href={routes.review(project.slug, review.number)} className="font-semibold hover:text-accent">
          Review {reviewName(review.number)}
        </Link>
      ) : (
        <>
          No review is open.{" "}
          <Link href={routes.modelVersion(project.slug, model, version)} className="font-semibold hover:text-accent">
            Open one on the page of v{version}
          </Link>
        </>
      )}
    </p>
  );
}

type Names = { readonly version: string; readonly current: string | null };

function RuleTable({ results, names }: { results: readonly RuleResult[]; names: Names }) {
  const head = "h-8 border-b border-line px-2.5 font-normal text-muted";
  return (
    <ScrollRegion label="Verdicts" className="max-sm:hidden">
      <table className="figures w-full text-left text-sm" aria-label="Verdicts">
        <thead>
          <tr>
            <th scope="col" className={`${head} pl-3.5`}>
              Rule
            </th>
            <th scope="col" className={`${head} text-right`}>
              {names.version}
            </th>
            {names.current && (
              <th scope="col" className={`${head} text-right whitespace-nowrap`}>
                {names.current}
              </th>
            )}
            <th scope="col" className={`${head} text-right`}>
              Limit
            </th>
            <th scope="col" className={`${head} max-lg:hidden`}>
              Position
            </th>
            <th scope="col" className={`${head} pr-3.5`}>
              Verdict
            </th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <RuleRow key={result.rule} result={result} hasCurrent={names.current !== null} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function RuleRow({ result, hasCurrent }: { result: RuleResult; hasCurrent: boolean }) {
  const cell = "border-b border-line px-2.5 py-2 align-top group-last:border-b-0";
  const { rule, value, current, verdict } = result;
  return (
    <tr className="group">
      <th scope="row" className={`${cell} pl-3.5 font-normal`}>
        <span className="font-semibold">{result.title}</span>{" "}
        <span className="text-xs text-muted">{result.interval ? intervalText(result) : result.scope}</span>
        {(verdict !== "pass" || value === null) && (
          <span className="mt-0.5 block max-w-prose text-xs text-pretty text-muted">{result.sentence}</span>
        )}
      </th>
      <td className={`${cell} text-right font-semibold whitespace-nowrap`}>
        {value === null ? "" : numberText(rule, value)}
      </td>
      {hasCurrent && (
        <td className={`${cell} text-right whitespace-nowrap text-muted`}>
          {current === null ? "" : numberText(rule, current)}
        </td>
      )}
      <td className={`${cell} text-right whitespace-nowrap text-muted`}>{limitText(result)}</td>
      <td className={`${cell} max-lg:hidden`}>
        {rule !== "holdout_is_unseen" && (
          <Position
            value={value}
            limit={result.limit}
            current={current}
            interval={result.interval}
            direction={result.direction}
            tone={VERDICT_TONE[verdict]}
            label={positionLabel(result)}
          />
        )}
      </td>
      <td className={`${cell} pr-3.5`}>
        <StatusBadge kind="verdict" state={verdict} />
      </td>
    </tr>
  );
}

/** The same on a phone: name and limit left, verdict and value right. */
function RuleList({ results }: { results: readonly RuleResult[] }) {
  return (
    <ul aria-label="Verdicts" className="figures sm:hidden">
      {results.map((result) => (
        <li key={result.rule} className="border-b border-line px-3.5 py-2.5 last:border-b-0">
          <div className="flex items-start justify-between gap-3">
            <span className="min-w-0">
              <span className="block font-semibold">{result.title}</span>
              <span className="block text-xs text-muted">
                {result.limit === null ? result.scope : `limit ${limitText(result)}`}
              </span>
            </span>
            <span className="flex flex-col items-end gap-1">
              <StatusBadge kind="verdict" state={result.verdict} />
              {result.value !== null && <span>{numberText(result.rule, result.value)}</span>}
            </span>
          </div>
          {(result.verdict !== "pass" || result.value === null) && (
            <p className="mt-1 text-xs text-pretty text-muted">{result.sentence}</p>
          )}
        </li>
      ))}
    </ul>
  );
}
