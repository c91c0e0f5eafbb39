import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-sm border border-line bg-surface-sunken px-1.5 py-px text-2xs text-muted">{children}</kbd>
  );
}
