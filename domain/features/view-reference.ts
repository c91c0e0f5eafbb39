export type ViewReference = { readonly name: string; readonly version: number | "latest" };

/** `daily_weather@2`, `daily_weather@latest`; without a version, the latest. Null where the text is neither. */
export function parseViewReference(text: string): ViewReference | null {
  const [, name, version = "latest"] = /^([a-z][a-z0-9_]{0,62})(?:@(latest|[1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (!name) return null;
  return { name, version: version === "latest" ? version : Number(version) };
}

/** "daily_weather v2": what people and the lineage call a version. */
export function viewVersionName(name: string, version: number): string {
  return `${name} v${version}`;
}
