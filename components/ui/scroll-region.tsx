import type { CSSProperties, ReactNode } from "react";
import { cn } from "./cn";

/** A part of the page that scrolls by itself: named, and reachable by keyboard. */
export function ScrollRegion(props: { label: string; className?: string; style?: CSSProperties; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls; a group names the part without being a landmark
    <div
      role="group"
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      style={props.style}
      className={cn("relative overflow-auto -outline-offset-2", props.className)}
    >
      {props.children}
    </div>
  );
}
