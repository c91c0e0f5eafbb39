import { createLoader, parseAsStringLiteral } from "nuqs/server";

export const settingsFilters = { tab: parseAsStringLiteral(["members", "tokens", "services"]).withDefault("members") };
export const loadSettingsFilters = createLoader(settingsFilters);
