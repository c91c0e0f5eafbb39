/**
 * Imports point one way (docs/adr). Every rule is an error and there is no list of exceptions: a rule that
 * must be broken is changed here, in a commit of its own.
 */
const OWN = "^(app|bench|cli|components|db|domain|e2e|scripts|server|workflows)/";
const TEST = ["[.](test|spec)[.]tsx?$", "^(server|db|workflows)/testing/", "^(server|db|workflows)/[^/]+/testing/"];

/** `from` may import only what matches `allowed`, of our own folders. */
function only(name, from, allowed, extra = {}) {
  return { name, severity: "error", from, to: { path: OWN, pathNot: allowed, ...extra } };
}

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "Tables name each other in foreign keys, which Drizzle reads late.",
      severity: "error",
      from: { pathNot: "^db/schema/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-missing-module", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-test-in-product",
      severity: "error",
      from: { pathNot: [...TEST, "^(e2e|bench)/"] },
      to: { path: TEST },
    },

    only("domain-imports-nothing", { path: "^domain/", pathNot: TEST }, ["^domain/"]),
    {
      name: "domain-is-pure",
      severity: "error",
      from: { path: "^domain/", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "domain-packages",
      comment: "Pure domain code runs in the browser, the server and Temporal's sandbox.",
      severity: "error",
      from: { path: "^domain/", pathNot: TEST },
      to: { path: "^node_modules/", pathNot: "^node_modules/(zod|canonicalize|yaml|uuid)/" },
    },
    only("db-imports-domain", { path: "^db/" }, ["^(db|domain)/"]),
    only("server-imports-db-domain", { path: "^server/" }, ["^(server|db|domain)/"]),
    only(
      "workflow-files-import-domain",
      { path: "^workflows/.*[.]workflow[.]ts$" },
      ["^domain/", "^workflows/.*[.]workflow[.]ts$", "^workflows/(retry|queues)[.]ts$"],
      {
        dependencyTypesNot: ["type-only"],
      },
    ),
    {
      name: "workflow-files-see-types-of-activities-only",
      severity: "error",
      from: { path: "^workflows/.*[.]workflow[.]ts$" },
      to: { path: OWN, pathNot: ["^domain/", "^workflows/"] },
    },
    only("workflows-import-server-domain", { path: "^workflows/", pathNot: TEST }, ["^(workflows|server|domain)/"]),
    only("components-import-domain", { path: "^components/" }, ["^(components|domain)/", "^server/trpc/root[.]ts$"]),
    {
      name: "components-see-types-of-the-router-only",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^server/trpc/root[.]ts$", dependencyTypesNot: ["type-only"] },
    },
    only("app-imports-what-a-page-needs", { path: "^app/" }, [
      "^(app|components|domain)/",
      "^server/(auth|trpc)/",
      "^server/[^/]+/queries[.]ts$",
    ]),
    only("cli-imports-domain", { path: "^cli/" }, ["^(cli|domain)/"]),
    only("scripts-leave-pages-alone", { path: "^scripts/" }, ["^(scripts|server|db|domain|workflows|cli|bench)/"]),
    {
      name: "bootstrap-uses-node-alone",
      comment: "It runs before anything is installed.",
      severity: "error",
      from: { path: "^scripts/.*[.]mjs$" },
      to: { path: ["^node_modules/", "[.]tsx?$"], pathNot: "^node_modules/tsx/" },
    },
    only("bench-goes-over-http", { path: "^bench/" }, ["^(bench|domain)/", "^server/testing/"]),
    only("e2e-goes-over-http", { path: "^e2e/" }, ["^(e2e|domain)/", "^server/testing/"]),

    {
      name: "next-auth-in-server-auth",
      severity: "error",
      from: { pathNot: "^server/auth/" },
      to: { path: "^node_modules/(next-auth|@auth)/" },
    },
    {
      name: "temporal-outside-pages",
      severity: "error",
      from: { path: "^(app|components|cli|domain)/" },
      to: { path: "^node_modules/@temporalio/" },
    },
    {
      name: "routers-are-tables-of-contents",
      severity: "error",
      from: { path: "^server/[^/]+/router[.]ts$" },
      to: { path: ["^node_modules/drizzle-orm/", "^db/"] },
    },
    {
      name: "tables-stay-behind-the-server",
      severity: "error",
      from: { path: "^(app|components|cli|e2e|bench|workflows)/", pathNot: TEST },
      to: { path: "^node_modules/(drizzle-orm|postgres)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^([.]next|dist|[.]data[^/]*)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: "specify",
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
    cache: { folder: "node_modules/.cache/dependency-cruiser", strategy: "content" },
  },
};
