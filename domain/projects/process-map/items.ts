import { CROSS_ITEMS } from "./items/cross";
import { DEPLOYMENT_ITEMS } from "./items/deployment";
import { EXPERIMENTATION_ITEMS } from "./items/experimentation";
import { FEATURE_PIPELINE_ITEMS } from "./items/feature-pipeline";
import { INITIATION_ITEMS } from "./items/initiation";
import { MONITORING_ITEMS } from "./items/monitoring";
import type { ProcessItem } from "./types";

const BLOCKS = [
  ...INITIATION_ITEMS,
  ...FEATURE_PIPELINE_ITEMS,
  ...EXPERIMENTATION_ITEMS,
  ...DEPLOYMENT_ITEMS,
  ...MONITORING_ITEMS,
  ...CROSS_ITEMS,
] as const;

/** One of the 78; a predicate for something else does not compile. */
export type ItemId = (typeof BLOCKS)[number]["id"];

/** The checklist of the process: what each role does, and what stays behind. In the order of the work. */
export const ITEMS: readonly (ProcessItem & { readonly id: ItemId })[] = BLOCKS;
