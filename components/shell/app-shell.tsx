import type { ReactNode } from "react";
import { Rail } from "./rail";

/** Rail at the left, the page at the right. The skip link is the first stop of the keyboard. */
export function AppShell({ isRailCollapsed, children }: { isRailCollapsed: boolean; children: ReactNode }) {
  return (
    <>
      <a
        href="#content"
        className="layer-toast fixed top-2 left-2 -translate-y-16 rounded-md bg-accent px-3 py-2 text-sm font-semibold text-on-accent focus-visible:translate-y-0"
      >
        Skip to content
      </a>
      <div className="flex min-h-dvh">
        <Rail startsCollapsed={isRailCollapsed} />
        <div className="flex min-w-0 flex-1 flex-col">{children}</div>
      </div>
    </>
  );
}
