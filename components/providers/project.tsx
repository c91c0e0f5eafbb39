"use client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use } from "react";
import { type Permission, reachOf, refusalSentence } from "@/domain/identity/policy";
import type { Role } from "@/domain/identity/roles";
import { type RouterOutputs, useTRPC } from "./trpc";

export type Project = RouterOutputs["projects"]["bySlug"];

const ProjectContext = createContext<Project | null>(null);

/** Keeps the project and the person's roles in it at hand; both follow the server. */
export function ProjectProvider({ slug, children }: { slug: string; children: ReactNode }) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.projects.bySlug.queryOptions({ slug }));
  return <ProjectContext value={data}>{children}</ProjectContext>;
}

/** The project of the page. Only below `/p/[project]`. */
export function useProject(): Project {
  const project = use(ProjectContext);
  if (!project) throw new Error("useProject is for pages of a project.");
  return project;
}

export type Allowed =
  | { readonly allowed: true; readonly reason: null }
  | { readonly allowed: false; readonly reason: string };

/**
 * Whether the person may, by the rule that the server applies, else the sentence that a disabled button shows.
 * `isOwn` says whether the thing is theirs, for permissions that reach only that far.
 */
export function usePermission(permission: Permission, options: { readonly isOwn?: boolean } = {}): Allowed {
  return allowedFor(useProject().roles, permission, options.isOwn ?? true);
}

export function allowedFor(roles: readonly Role[], permission: Permission, isOwn: boolean): Allowed {
  const reason = refusalSentence(roles, permission);
  if (reason) return { allowed: false, reason };
  if (reachOf(roles, permission) === "own" && !isOwn) {
    return { allowed: false, reason: "Your role reaches only what you made or started yourself." };
  }
  return { allowed: true, reason: null };
}
