import type { ReactNode } from "react";

/** The one card of a page before the sign-in. */
export function AuthCard({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className="rounded-lg border border-line bg-surface-raised px-6 py-6 sm:px-8">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      {lead && <p className="mt-1 text-sm text-pretty text-muted">{lead}</p>}
      <div className="mt-5">{children}</div>
    </section>
  );
}
