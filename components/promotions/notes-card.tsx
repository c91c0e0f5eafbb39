"use client";
import { Rocket, UserRoundCheck, UserRoundX } from "lucide-react";
import { useMe } from "../providers/me";
import { Card, CardRow } from "../ui/card";
import { isWaiting, type Promotion } from "./promotion-words";

/** Who may not sign and why, whose part is shown, and what follows after the last signature. */
export function NotesCard({ promotion }: { promotion: Promotion }) {
  const me = useMe();
  const name = (person: { readonly userId: string; readonly name: string }) =>
    person.userId === me.userId ? "You" : person.name;
  return (
    <Card isFlush>
      {promotion.barred.map((person) => (
        <CardRow key={person.userId} className="text-sm">
          <UserRoundX aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
          <p className="text-pretty text-muted">
            <strong className="font-semibold text-text">{name(person)} may not sign.</strong> {name(person)}{" "}
            {person.reason}.
          </p>
        </CardRow>
      ))}
      {promotion.shown.map((person) => (
        <CardRow key={person.userId} className="text-sm">
          <UserRoundCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
          <p className="text-pretty text-muted">
            {name(person)} {person.reason}. At {promotion.risk} risk this does not bar from signing.
          </p>
        </CardRow>
      ))}
      {isWaiting(promotion) && (
        <CardRow className="text-sm">
          <Rocket aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
          <p className="text-pretty text-muted">
            After the last signature v{promotion.version} deploys by itself.{" "}
            {promotion.baselineVersion === null
              ? "It gets traffic when the gateway answers twenty recorded rows as measured."
              : `v${promotion.baselineVersion} keeps serving until the gateway answers twenty recorded rows as measured.`}
          </p>
        </CardRow>
      )}
    </Card>
  );
}
