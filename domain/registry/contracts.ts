import { z } from "zod";

const name = z.string().min(1).max(256);

export const modelInput = z.object({ name });
export const versionInput = z.object({ name, version: z.number().int().positive() });
/** `version` null takes the alias away. */
export const aliasInput = z.object({
  name,
  alias: z.string().trim().min(1).max(255),
  version: z.number().int().positive().nullable(),
});
