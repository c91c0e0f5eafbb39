import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const CODE = /\.(ts|tsx|mjs|cjs)$/;
const LINES = 400;
const FILES_IN_FOLDER = 20;
/** A domain has one file for each verb or panel: such folders are long lists, not mixtures. */
const LISTS = /^(server|components)\/[a-z]+$/;
const FILES_IN_LIST = 32;
const ROUTE_DEPTH = 9;
const BARRELS = ["db/schema/index.ts", "workflows/index.ts"];

const DOMAINS =
  "identity projects data features pipelines experiments registry reviews approvals promotions deployments serving monitoring feedback lineage audit notifications integrations".split(
    " ",
  );

/** Which folders a layer has beside the domains, and what its files may be called. */
const LAYERS = {
  domain: {
    folders: [],
    top: /^(errors|outbox)\.ts$/,
    files: /^(?!router|http|queries|activities)[a-z0-9-]+(\.test)?\.ts$/,
  },
  server: {
    folders: "auth authz trpc http outbox blobs executors config log testing gateway".split(" "),
    top: /^(main|context|process|ids)\.ts$/,
    files: /^[a-z0-9-]+(\.int)?(\.test)?\.ts$/,
  },
  workflows: {
    folders: ["histories", "testing"],
    top: /^[a-z0-9-]+(\.wf)?(\.test)?\.ts$/,
    files: /^(activities|[a-z0-9-]+\.workflow|[a-z0-9-]+(\.wf)?\.test|[a-z0-9-]+)\.(ts|json)$/,
  },
  components: {
    folders: "ui data charts graph shell providers home datasets".split(" "),
    top: /^README\.md$/,
    files: /^[a-z0-9-]+(\.test)?\.tsx?$/,
  },
  e2e: {
    folders: "access a11y pages".split(" "),
    top: /^(fixtures|[a-z0-9-]+)\.ts$/,
    files: /^[a-z0-9-]+(\.spec)?\.ts$/,
  },
};

const ROUTING =
  /^(page|layout|loading|error|not-found|forbidden|unauthorized|global-error|template|default|icon|apple-icon|manifest|robots)\.tsx?$|^route\.ts$|^globals\.css$|^favicon\.ico$|^icon\.svg$/;

/** All problems of the checkout below `root`, each one line that names the file. */
export function findProblems(root) {
  const files = walk(root, "");
  const read = (file) => readFileSync(path.join(root, file), "utf8");
  return [
    ...files.flatMap(namingProblems),
    ...files.filter((file) => CODE.test(file)).flatMap((file) => codeProblems(file, read(file))),
    ...folderProblems(files),
    ...lockProblems(existsSync(path.join(root, "package-lock.json")) ? read("package-lock.json") : ""),
    ...files.filter((file) => file.endsWith(".md")).flatMap((file) => citationProblems(root, file, read(file))),
  ];
}

export function namingProblems(file) {
  const [layer, ...rest] = file.split("/");
  const name = rest.at(-1) ?? layer;
  if (CODE.test(name) && !/^(\.?[a-z0-9-]+(\.[a-z0-9]+)*)$/.test(name)) return [`${file}: file names are kebab-case`];
  if (layer === "app") return routeProblems(file, name);
  const rules = Object.hasOwn(LAYERS, layer) ? LAYERS[layer] : null;
  if (!rules) return [];
  if (rest.length === 1)
    return rules.top.test(name) ? [] : [`${file}: ${layer}/ itself holds only ${rules.top.source}`];
  const [folder] = rest;
  if (!DOMAINS.includes(folder) && !rules.folders.includes(folder))
    return [`${file}: "${folder}" is neither a domain nor a folder of ${layer}/`];
  if (folder === "histories" || rest.length > 2 || rules.files.test(name)) return [];
  return [`${file}: not a name of the vocabulary of ${layer}/<domain>/`];
}

function routeProblems(file, name) {
  const depth = file.split("/").length - 1;
  return [
    ...(ROUTING.test(name) || file.startsWith("app/_server/")
      ? []
      : [`${file}: app/ holds routing files only; the rest belongs in components/`]),
    ...(depth > ROUTE_DEPTH ? [`${file}: ${depth} folders deep; the limit is ${ROUTE_DEPTH}`] : []),
  ];
}

export function codeProblems(file, text) {
  const lines = text.split("\n").length - 1;
  const isTest = /[.](test|spec)[.]tsx?$|(^|\/)testing\//.test(file);
  const isBarrel = /(^|\/)index\.tsx?$/.test(file) && !BARRELS.includes(file);
  const readsEnvironment = /^server\/(?!config\/)/.test(file) && !isTest && /\bprocess\.env\b/.test(text);
  return [
    ...(lines > LINES ? [`${file}: ${lines} lines; the limit is ${LINES}`] : []),
    ...(isBarrel
      ? [`${file}: there are two barrels (${BARRELS.join(", ")}); import the file that defines the thing`]
      : []),
    ...(readsEnvironment ? [`${file}: only server/config/ reads process.env`] : []),
    ...(/^server\//.test(file) && /["']server-only["']/.test(text)
      ? [`${file}: "server-only" throws in worker and gateway`]
      : []),
  ];
}

function folderProblems(files) {
  const counts = new Map();
  for (const file of files) {
    const folder = path.posix.dirname(file);
    if (CODE.test(file) && folder !== ".")
      counts.set(folder, (counts.get(folder) ?? 0) + (/[.](test|spec)[.]/.test(file) ? 0 : 1));
  }
  const limitOf = (folder) => (LISTS.test(folder) ? FILES_IN_LIST : FILES_IN_FOLDER);
  return [...counts]
    .filter(([folder, count]) => count > limitOf(folder))
    .map(([folder, count]) => `${folder}: ${count} files; the limit is ${limitOf(folder)}`);
}

export function lockProblems(text) {
  return /"resolved":\s*"https?:/.test(text)
    ? ["package-lock.json: it holds download addresses; .npmrc says omit-lockfile-registry-resolved"]
    : [];
}

/** A path in backticks that begins with a folder of ours must exist. */
export function citationProblems(root, file, text) {
  const cited = [
    ...text.matchAll(
      /`((?:app|bench|cli|components|db|deploy|docs|domain|e2e|examples|scripts|server|workflows|\.ci)\/[\w./()[\]-]+)`/g,
    ),
  ].map((match) => match[1]);
  return cited
    .filter(
      (target) =>
        !["", ".ts", ".tsx"].some((ending) => existsSync(path.join(root, target.replace(/\/$/, "") + ending))),
    )
    .map((target) => `${file}: cites ${target}, which does not exist`);
}

function walk(root, folder) {
  const skipped = /^(node_modules|\.git|\.next|dist|\.data.*|test-results|playwright-report|coverage)$/;
  return readdirSync(path.join(root, folder))
    .filter((name) => !skipped.test(name))
    .flatMap((name) => {
      const file = path.posix.join(folder, name);
      return statSync(path.join(root, file)).isDirectory() ? walk(root, file) : [file];
    });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const problems = findProblems(process.argv[2] ?? ROOT);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
}
