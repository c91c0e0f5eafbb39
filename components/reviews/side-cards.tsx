"use client";
import { CircleCheck, OctagonPause, UserRoundX } from "lucide-react";
import Link from "next/link";
import { ROLE_NAMES, type Role, roleNames } from "@/domain/identity/roles";
import { threadsSentence } from "@/domain/reviews/outcome";
import { StatusBadge } from "../data/status-badge";
import { useMe } from "../providers/me";
import { useProject } from "../providers/project";
import { routes } from "../shell/routes";
import { Avatar } from "../ui/avatar";
import { Card, CardRow } from "../ui/card";
import type { Review } from "./words";

/** Verdict of each role, threads that wait, what it blocks, and who may not judge. */
export function SideCards({ review }: { review: Review }) {
  return (
    <>
      <VerdictsCard review={review} />
      <BlocksCard review={review} />
      <BarredCard review={review} />
    </>
  );
}

function VerdictsCard({ review }: { review: Review }) {
  const me = useMe();
  const standing = review.verdicts.filter(({ isReplaced }) => !isReplaced);
  const missing = review.requiredRoles.filter((role) => !standing.some(({ asRole }) => asRole === role));
  const approved = review.requiredRoles.filter((role) =>
    standing.some((verdict) => verdict.asRole === role && verdict.decision === "approved" && !verdict.isOutdated),
  );
  return (
    <Card
      isFlush
      title="Verdicts"
      aside={
        review.requiredRoles.length > 0 && (
          <span className="figures">
            {approved.length} of {review.requiredRoles.length}
          </span>
        )
      }
    >
      {standing.map((verdict) => (
        <CardRow key={verdict.id}>
          <Avatar name={verdict.name} />
          <p className="min-w-0 flex-1 text-sm">
            <span className="block font-semibold">{verdict.userId === me.userId ? "You" : verdict.name}</span>
            <span className="block text-xs text-muted">{ROLE_NAMES[verdict.asRole]}</span>
          </p>
          <StatusBadge kind="reviewVerdict" state={verdict.isOutdated ? "outdated" : verdict.decision} />
        </CardRow>
      ))}
      {review.state === "open" && missing.map((role) => <AskedRow key={role} review={review} role={role} />)}
      {standing.length === 0 && missing.length === 0 && (
        <p className="px-3.5 py-3 text-sm text-muted">No verdict yet. The policy names no role that has to give one.</p>
      )}
    </Card>
  );
}

function AskedRow({ review, role }: { review: Review; role: Role }) {
  const me = useMe();
  const able = review.members.filter(
    ({ userId, roles }) => roles.includes(role) && !review.rules.barred.some((person) => person.userId === userId),
  );
  const names = able.map(({ userId, name }) => (userId === me.userId ? "you" : name));
  return (
    <CardRow>
      <p className="min-w-0 flex-1 text-sm">
        <span className="block font-semibold first-letter:uppercase">{ROLE_NAMES[role]}</span>
        <span className="block text-xs text-muted">
          {names.length > 0 ? `can judge: ${names.join(", ")}` : "nobody who may judge holds this role"}
        </span>
      </p>
      <StatusBadge kind="reviewVerdict" state="asked" />
    </CardRow>
  );
}

function BlocksCard({ review }: { review: Review }) {
  const project = useProject();
  const threads = threadsSentence(review.unresolvedThreads);
  return (
    <Card isFlush title="What it blocks" aside={threads === "" ? "no thread waits" : threads.replace(/\.$/, "")}>
      {review.promotions.map(({ number, environment, version, outcome }) => (
        <CardRow key={number} className="text-sm">
          {outcome.isApproved ? (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-pass" />
          ) : (
            <OctagonPause aria-hidden className="mt-0.5 size-4 shrink-0 text-fail" />
          )}
          <p className="min-w-0 text-pretty">
            {outcome.isApproved ? "Opens the way of " : "Blocks "}
            <Link href={routes.promotion(project.slug, number)} className="font-semibold hover:text-accent">
              v{version} to {environment}
            </Link>
            . <span className="text-muted">{outcome.sentence}</span>
          </p>
        </CardRow>
      ))}
      {review.promotions.length === 0 && (
        <p className="px-3.5 py-3 text-sm text-pretty text-muted">
          {review.requiredRoles.length > 0
            ? `Nothing at the moment. A promotion to production will ask for the ${roleNames(review.requiredRoles)}.`
            : "Nothing: the policy of production asks for no review."}
        </p>
      )}
    </Card>
  );
}

function BarredCard({ review }: { review: Review }) {
  const me = useMe();
  const named = review.rules.barred.flatMap((person) => {
    const name =
      person.userId === me.userId
        ? "You"
        : (review.members.find(({ userId }) => userId === person.userId)?.name ??
          (person.userId === review.opener.id ? review.opener.name : null));
    return name === null ? [] : [{ ...person, name }];
  });
  if (named.length === 0 || review.state !== "open") return null;
  return (
    <Card isFlush>
      {named.map(({ userId, name, reason }) => (
        <CardRow key={userId} className="text-sm">
          <UserRoundX aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
          <p className="text-pretty text-muted">
            <strong className="font-semibold text-text">{name} may not give a verdict.</strong> {name} {reason}.
          </p>
        </CardRow>
      ))}
    </Card>
  );
}
