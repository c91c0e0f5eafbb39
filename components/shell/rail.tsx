"use client";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { Sheet } from "../ui/dialog";
import { Tooltip } from "../ui/tooltip";
import { AccountMenu } from "./account-menu";
import { RAIL_COOKIE, writeCookie } from "./cookies";
import { Mark } from "./mark";
import { HOME, isAt, type Phase, type Place, phasesOf, settingsOf } from "./navigation";
import { ProjectSwitcher } from "./project-switcher";
import { useShell } from "./shell-context";

/** The left rail: 232 px, 56 px collapsed, a sheet under 900 px. */
export function Rail({ startsCollapsed }: { startsCollapsed: boolean }) {
  const [isCollapsed, setCollapsed] = useState(startsCollapsed);
  const { isRailOpen, setRailOpen } = useShell();
  const toggle = () => {
    writeCookie(RAIL_COOKIE, isCollapsed ? "open" : "collapsed");
    setCollapsed(!isCollapsed);
  };
  return (
    <>
      <aside
        aria-label="Product"
        className={cn(
          "sticky top-0 hidden h-dvh shrink-0 border-r border-line bg-surface-sunken md:block",
          isCollapsed ? "w-14" : "w-58",
        )}
      >
        <RailBody isCollapsed={isCollapsed} onToggle={toggle} />
      </aside>
      <Sheet isOpen={isRailOpen} onOpenChange={setRailOpen} title="Navigation" side="left">
        <RailBody isCollapsed={false} onLeave={() => setRailOpen(false)} />
      </Sheet>
    </>
  );
}

function RailBody({
  isCollapsed,
  onToggle,
  onLeave,
}: {
  isCollapsed: boolean;
  onToggle?: () => void;
  onLeave?: () => void;
}) {
  const { project } = useShell();
  return (
    <div className="flex h-full flex-col bg-surface-sunken px-2.5 pt-3.5 pb-2.5">
      <div className={cn("mb-3 flex items-center gap-2 pl-2", isCollapsed && "flex-col pl-0")}>
        <Link
          href={HOME.href}
          {...(onLeave && { onClick: onLeave })}
          className="flex min-w-0 flex-1 items-center gap-2.5 rounded-sm text-lg font-semibold tracking-tight"
        >
          <Mark />
          <span className={isCollapsed ? "sr-only" : undefined}>Countersign</span>
        </Link>
        {onToggle && (
          <Button
            tone="ghost"
            size="icon-sm"
            label={isCollapsed ? "Widen the navigation" : "Narrow the navigation"}
            onClick={onToggle}
          >
            {isCollapsed ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
          </Button>
        )}
      </div>
      <ProjectSwitcher isCollapsed={isCollapsed} {...(onLeave && { onLeave })} />
      <nav aria-label="Main" className="mt-3 min-h-0 flex-1 overflow-y-auto [scrollbar-width:thin]">
        <Places places={[HOME]} isCollapsed={isCollapsed} onLeave={onLeave} />
        {project &&
          phasesOf(project.slug).map((phase) => (
            <PhaseGroup key={phase.heading} phase={phase} isCollapsed={isCollapsed} onLeave={onLeave} />
          ))}
      </nav>
      <div className="mt-2 flex flex-col gap-1">
        {project && <Places places={[settingsOf(project.slug)]} isCollapsed={isCollapsed} onLeave={onLeave} />}
        <div className="border-t border-line pt-2">
          <AccountMenu isCollapsed={isCollapsed} {...(onLeave && { onLeave })} />
        </div>
      </div>
    </div>
  );
}

type GroupProps = { isCollapsed: boolean; onLeave: (() => void) | undefined };

function PhaseGroup({ phase, isCollapsed, onLeave }: GroupProps & { phase: Phase }) {
  return (
    <div className="mt-3">
      {isCollapsed ? (
        <hr className="mx-2 mb-2 border-line" />
      ) : (
        <p className="mb-1 px-2 text-xs text-muted">{phase.heading}</p>
      )}
      <Places places={phase.places} label={phase.heading} isCollapsed={isCollapsed} onLeave={onLeave} />
    </div>
  );
}

function Places({ places, label, isCollapsed, onLeave }: GroupProps & { places: readonly Place[]; label?: string }) {
  const path = usePathname();
  return (
    <ul {...(label && { "aria-label": label })} className="flex flex-col gap-0.5">
      {places.map((place) => {
        const isHere = isAt(place, path);
        const link = (
          <Link
            href={place.href}
            aria-current={isHere ? "page" : undefined}
            {...(onLeave && { onClick: onLeave })}
            className={cn(
              "flex h-7 items-center gap-2.5 rounded-md px-2 text-sm -outline-offset-2 transition-colors duration-150 pointer-coarse:h-11",
              isHere ? "bg-accent-soft font-semibold text-text" : "text-muted hover:bg-line/50 hover:text-text",
              isCollapsed && "justify-center",
            )}
          >
            <place.icon aria-hidden className={cn("size-4 shrink-0", isHere && "text-accent")} />
            <span className={isCollapsed ? "sr-only" : "truncate"}>{place.label}</span>
          </Link>
        );
        return (
          <li key={place.label}>
            {isCollapsed ? (
              <Tooltip text={place.label} side="right">
                {link}
              </Tooltip>
            ) : (
              link
            )}
          </li>
        );
      })}
    </ul>
  );
}
