"use client";
import { useParams } from "next/navigation";
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { Role } from "@/domain/identity/roles";
import type { Theme } from "../providers/theme";
import { PROJECT_COOKIE, writeCookie } from "./cookies";

export type ShellProject = { readonly slug: string; readonly name: string; readonly roles: readonly Role[] };

type Shell = {
  readonly projects: readonly ShellProject[];
  /** The project of the page; on home the one that the person looked at last. */
  readonly project: ShellProject | null;
  readonly theme: Theme;
  readonly onSignOut: () => Promise<void>;
  readonly isRailOpen: boolean;
  readonly setRailOpen: (isOpen: boolean) => void;
};

const ShellContext = createContext<Shell | null>(null);

type Props = Pick<Shell, "projects" | "theme" | "onSignOut"> & {
  startProject: string | undefined;
  children: ReactNode;
};

export function ShellProvider({ projects, theme, onSignOut, startProject, children }: Props) {
  const { project: slug } = useParams<{ project?: string }>();
  const [isRailOpen, setRailOpen] = useState(false);
  const [lastSlug, setLastSlug] = useState(slug ?? startProject);
  if (slug !== undefined && slug !== lastSlug) setLastSlug(slug);
  // The cookie is an outside system: home opens with the project that was looked at last.
  useEffect(() => {
    if (slug !== undefined) writeCookie(PROJECT_COOKIE, slug);
  }, [slug]);
  const shell = useMemo(() => {
    const wanted = slug ?? lastSlug;
    const project =
      projects.find((each) => each.slug === wanted) ?? (slug === undefined ? projects[0] : undefined) ?? null;
    return { projects, project, theme, onSignOut, isRailOpen, setRailOpen };
  }, [projects, slug, lastSlug, theme, onSignOut, isRailOpen]);
  return <ShellContext value={shell}>{children}</ShellContext>;
}

export function useShell(): Shell {
  const shell = use(ShellContext);
  if (!shell) throw new Error("useShell is for pages behind the sign-in.");
  return shell;
}
