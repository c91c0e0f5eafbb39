/** Where a version came from, as a person would say it. */
export const ORIGIN_WORDS = {
  production: "production pipeline",
  development: "development pipeline",
  outside: "outside of a pipeline",
} as const;
