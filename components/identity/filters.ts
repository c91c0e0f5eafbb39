import { parseAsStringLiteral } from "nuqs/server";

/** Which part of a project's settings is open. */
export const settingsFilters = { tab: parseAsStringLiteral(["members", "tokens", "services"]).withDefault("members") };
