import { parseConfig } from "@/server/config/config";
import { openContext } from "@/server/context";
import { createSetupLink } from "@/server/identity/create-setup-link";
import type { Stack } from "./stack";

/** The one-time link by which the first administrator comes in; null when there are people already. */
export async function setUpLink(stack: Stack): Promise<string | null> {
  const context = openContext(parseConfig({ ...stack.env, LOG_LEVEL: "silent" }), "start", 1);
  try {
    const link = await createSetupLink(context);
    return link?.url ?? null;
  } finally {
    await context.close();
  }
}
