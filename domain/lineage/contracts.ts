import { z } from "zod";
import { NODE_KINDS } from "./types";

export const lineageInput = z.object({
  kind: z.enum(NODE_KINDS),
  reference: z.string().min(1).max(200),
  direction: z.enum(["upstream", "downstream"]).default("upstream"),
  depth: z.number().int().min(1).max(20).default(8),
});
