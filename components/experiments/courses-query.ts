/** So many small charts stand on a page at once. */
export const CHARTS_AT_ONCE = 12;

type Courses = { readonly projectId: string; readonly runIds: readonly string[]; readonly keys: readonly string[] };

/** The question for the charts up to the `limit`th metric; page and component ask alike. */
export function coursesQuery({ projectId, runIds, keys }: Courses, limit = CHARTS_AT_ONCE) {
  return { projectId, runIds: [...runIds], keys: keys.slice(limit - CHARTS_AT_ONCE, limit) };
}
