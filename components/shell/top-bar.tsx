"use client";
import { Menu } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useMe } from "../providers/me";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { cn } from "../ui/cn";
import { LiveDot } from "./live-dot";
import { Mark } from "./mark";
import { routes } from "./routes";
import { useShell } from "./shell-context";

export type Crumb = { readonly label: string; readonly href?: Route };

/** 48 px: where one is, and whether the page is live. */
export function TopBar({ crumbs, current }: { crumbs: readonly Crumb[]; current: string }) {
  const { setRailOpen } = useShell();
  const me = useMe();
  return (
    <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4 md:px-6">
      <div className="-ml-1.5 flex items-center gap-1 md:hidden">
        <Button tone="ghost" size="icon" aria-label="Open the navigation" onClick={() => setRailOpen(true)}>
          <Menu aria-hidden />
        </Button>
        <Mark />
      </div>
      <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
        <ol className="flex min-w-0 items-center gap-2 text-sm">
          {crumbs.map((crumb, index) => (
            <li
              key={crumb.label}
              className={cn("flex min-w-0 shrink items-center gap-2 text-muted", index > 0 && "max-sm:hidden")}
            >
              {crumb.href ? (
                <Link href={crumb.href} className="truncate rounded-sm hover:text-text">
                  {crumb.label}
                </Link>
              ) : (
                <span className="truncate">{crumb.label}</span>
              )}
              <span aria-hidden className="text-faint">
                /
              </span>
            </li>
          ))}
          <li aria-current="page" className="min-w-0 truncate font-semibold">
            {current}
          </li>
        </ol>
      </nav>
      <LiveDot />
      <Link href={routes.account()} aria-label={`Account of ${me.name}`} className="rounded-full md:hidden">
        <Avatar name={me.name} />
      </Link>
    </header>
  );
}
