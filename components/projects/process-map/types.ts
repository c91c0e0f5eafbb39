import type { RouterOutputs } from "../../providers/trpc";

export type ProcessMap = RouterOutputs["projects"]["processMap"];
export type Step = ProcessMap["steps"][number];
export type Item = ProcessMap["items"][number];
