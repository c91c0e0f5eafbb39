import type { Metadata } from "next";
import { Mark } from "@/components/shell/mark";
import { routes } from "@/components/shell/routes";
import { ButtonLink } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-2 px-6 text-center">
      <Mark className="mb-2 size-10" />
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="text-sm text-muted">
        The address may be old, or it belongs to a project in which you have no role. A member of the project can invite
        you.
      </p>
      <ButtonLink tone="primary" href={routes.home()} className="mt-3">
        Go home
      </ButtonLink>
    </main>
  );
}
