import type { Transaction } from "@/db/client";
import { roleNames } from "@/domain/identity/roles";
import { reviewRolesOf } from "@/domain/promotions/policy";
import { reviewName } from "@/domain/reviews/outcome";
import type { ReviewEvidence } from "@/domain/reviews/types";
import type { Caller } from "../audit/audit-caller";
import { notifyPeople } from "../notifications/notify-person";
import { barredOf, membersOf, type Review, reviewPolicy } from "./record";

/** Asks the holders of the roles that the policy names for a verdict on the evidence, once per person and evidence. */
export async function askReviewers(
  tx: Transaction,
  { scope }: Caller,
  about: { readonly review: Review; readonly evidence: ReviewEvidence },
): Promise<void> {
  const { review } = about;
  const policy = await reviewPolicy(tx, review.projectId);
  const asked = policy ? reviewRolesOf(policy.rules) : [];
  if (asked.length === 0) return;
  const [members, barred] = await Promise.all([membersOf(tx, review.projectId), barredOf(tx, review)]);
  const able = members.filter(
    ({ userId, roles }) =>
      roles.some((role) => asked.includes(role)) && !barred.some((person) => person.userId === userId),
  );
  await notifyPeople(
    tx,
    able.map(({ userId, roles }) => ({
      projectId: scope.projectId,
      userId,
      kind: "reviews.asked",
      entity: { kind: "review", id: review.id },
      dedupeKey: `reviews.asked:${review.id}:${review.evidenceDigest}`,
      title: `${reviewName(review.number)} asks for your verdict as ${roleNames(asked.filter((role) => roles.includes(role)))}: ${review.title}`,
    })),
  );
}
