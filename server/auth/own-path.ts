import type { Route } from "next";

/** A path of this site, or the start page: never another host's address, however it is written. */
export function ownPath(value: unknown): Route {
  const isOwn = typeof value === "string" && /^\/(?![/\\])[^\\\s]*$/.test(value);
  // Typed routes know literal paths alone; this one comes from the address bar and stays on this site.
  return (isOwn ? value : "/") as Route;
}
