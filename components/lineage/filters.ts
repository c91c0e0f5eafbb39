import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { DIRECTIONS } from "@/domain/lineage/types";

export const DEPTHS = [2, 4, 8, 20] as const;

/** What the lineage page keeps in the address: `?node=model_version:0199…&direction=both&depth=8`. */
export const lineageFilters = {
  node: parseAsString,
  direction: parseAsStringLiteral(DIRECTIONS).withDefault("both"),
  depth: parseAsInteger.withDefault(8),
  view: parseAsStringLiteral(["graph", "table"]).withDefault("graph"),
  q: parseAsString.withDefault(""),
};
export const loadLineageFilters = createLoader(lineageFilters);

/** A depth that the server takes. */
export function depthOf(depth: number): number {
  return Math.min(20, Math.max(1, Math.trunc(depth)));
}
