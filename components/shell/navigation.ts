import {
  Activity,
  Box,
  Columns3,
  Database,
  FlaskConical,
  House,
  type LucideIcon,
  MapIcon,
  MessageSquareReply,
  MessagesSquare,
  Network,
  Rocket,
  ScrollText,
  Settings,
  Signature,
  Target,
  Workflow,
} from "lucide-react";
import type { Route } from "next";
import { routes } from "./routes";

export type Place = {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly href: Route;
  readonly isExact?: true;
};
export type Phase = { readonly heading: string; readonly places: readonly Place[] };

export const HOME: Place = { label: "Home", icon: House, href: routes.home(), isExact: true };

/** The pages of a project, under the phase of the work to which they belong. Only pages that exist. */
export function phasesOf(slug: string): readonly Phase[] {
  return [
    { heading: "Plan", places: [{ label: "Brief", icon: Target, href: routes.project(slug), isExact: true }] },
    {
      heading: "Data",
      places: [
        { label: "Datasets", icon: Database, href: routes.datasets(slug) },
        { label: "Features", icon: Columns3, href: routes.features(slug) },
      ],
    },
    {
      heading: "Build",
      places: [
        { label: "Pipelines", icon: Workflow, href: routes.pipelines(slug) },
        { label: "Experiments", icon: FlaskConical, href: routes.experiments(slug) },
        { label: "Models", icon: Box, href: routes.models(slug) },
        { label: "Reviews", icon: MessagesSquare, href: routes.reviews(slug) },
      ],
    },
    {
      heading: "Release",
      places: [
        { label: "Promotions", icon: Signature, href: routes.promotions(slug) },
        { label: "Deployments", icon: Rocket, href: routes.deployments(slug) },
      ],
    },
    {
      heading: "Watch",
      places: [
        { label: "Monitors", icon: Activity, href: routes.monitors(slug) },
        { label: "Feedback", icon: MessageSquareReply, href: routes.feedback(slug) },
        { label: "Lineage", icon: Network, href: routes.lineage(slug) },
      ],
    },
    {
      heading: "Record",
      places: [
        { label: "Audit", icon: ScrollText, href: routes.audit(slug) },
        { label: "Process map", icon: MapIcon, href: routes.processMap(slug) },
      ],
    },
  ];
}

export function settingsOf(slug: string): Place {
  return { label: "Settings", icon: Settings, href: routes.settings(slug) };
}

export function isAt(place: Place, path: string): boolean {
  return place.isExact ? path === place.href : path === place.href || path.startsWith(`${place.href}/`);
}
