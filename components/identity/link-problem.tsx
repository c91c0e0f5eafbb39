import { ButtonLink } from "../ui/button";
import { AuthCard } from "./auth-card";

const TITLES = {
  used: "This link was used already",
  expired: "This link has expired",
  unknown: "There is no such link",
} as const;

const WHO = {
  setup: "Start Countersign again on its machine: it prints a new link while nobody is set up.",
  invitation: "Ask the person who invited you for a new one.",
  reset: "Ask an administrator for a new one.",
} as const;

/** A one-time link that does not work, and who makes a new one. */
export function LinkProblem({ kind, state }: { kind: keyof typeof WHO; state: keyof typeof TITLES }) {
  return (
    <AuthCard title={TITLES[state]} lead={`${state === "used" ? "It works once. " : ""}${WHO[kind]}`}>
      <ButtonLink href="/sign-in" size="lg" className="w-full">
        Go to sign-in
      </ButtonLink>
    </AuthCard>
  );
}

/** Nobody can sign in yet. */
export function NotSetUp() {
  return (
    <AuthCard title="Set up first" lead="Nobody has an account yet.">
      <p className="text-sm text-pretty">
        Countersign printed a one-time link for the first administrator where it was started. Open that link to begin.
      </p>
    </AuthCard>
  );
}
