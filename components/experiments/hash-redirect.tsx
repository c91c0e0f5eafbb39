"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";

/** `#/experiments/2/runs/<id>`, as the MLflow client prints it after each run; null for any other hash. */
export function printedLink(hash: string): { readonly experimentId: string; readonly runId?: string } | null {
  const found = /^#\/experiments\/(\d{1,15})(?:\/runs\/([0-9a-f]{32}))?(?:\/[a-z/-]*)?(?:\?.*)?$/.exec(hash);
  if (!found?.[1]) return null;
  return { experimentId: found[1], ...(found[2] && { runId: found[2] }) };
}

/** Leads the links that a training log prints to the page of the run. Shows nothing; stands on the home page. */
export function MlflowHashRedirect() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    const follow = async () => {
      const link = printedLink(window.location.hash);
      if (!link) return;
      const found = await queryClient.fetchQuery(trpc.experiments.locate.queryOptions(link)).catch(() => null);
      if (found?.runId) router.replace(routes.experimentRun(found.projectSlug, found.runId));
      else if (found?.experiment) router.replace(routes.experiment(found.projectSlug, found.experiment));
    };
    void follow();
    const listener = () => void follow();
    window.addEventListener("hashchange", listener);
    return () => window.removeEventListener("hashchange", listener);
  }, [trpc, queryClient, router]);
  return null;
}
