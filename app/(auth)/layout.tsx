import type { ReactNode } from "react";
import { Mark } from "@/components/shell/mark";

/** Before the sign-in: one card in the middle, nothing else. */
export default function VisitorLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center bg-surface-sunken px-4 py-10 sm:pt-[14vh]">
      <header className="mb-6 flex items-center gap-2.5">
        <Mark className="size-7" />
        <span className="text-lg font-semibold tracking-tight">Countersign</span>
      </header>
      <main className="w-full max-w-md">{children}</main>
    </div>
  );
}
