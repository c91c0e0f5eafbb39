import path from "node:path";
import { parseArgs } from "node:util";
import { runDemonstration } from "../demo/run-demonstration";
import { ensureBuild } from "../run/build";
import { type Installation, openInstallation } from "../run/installation";
import { type Ending, liveUntilStopped } from "../run/lifetime";
import { prebuildPython } from "../run/python-packages";
import { createReport, type Report } from "../run/report";
import { setUpLink } from "../run/set-up-link";
import { type Services, startApplication, startServices } from "../run/stack";
import { cacheFolder } from "../system/platform-folders";
import { staticChecks } from "./checks";
import { findChromium } from "./chromium";
import { runInLanes } from "./lanes";
import { runCheck, runPlaywright, runVitest } from "./suites";
import { add, NOTHING, summaryLine, type Tally } from "./tally";

const SUITES = ["checks", "unit", "integration", "workflows", "e2e"] as const;
type Suite = (typeof SUITES)[number];

/** A lost database costs a test nothing, so it need not reach the disk. */
const FAST_AND_LOOSE = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_connections=400",
  "shared_buffers=256MB",
];
const WEB_FROM = 3900;

type Run = {
  readonly root: string;
  readonly report: Report;
  readonly suites: ReadonlySet<Suite>;
  readonly filters: readonly string[];
  readonly installation: Installation;
};

/** `npm test`: everything, from static checks to browser tests, on servers of its own. */
export async function main(args: readonly string[]): Promise<void> {
  const { suites, filters } = parseTestOptions(args);
  forgetOtherServers();
  const root = process.cwd();
  const report = createReport(console.log);
  const installation = await openInstallation({ dataDir: path.join(root, ".data-test"), reset: true }, report);
  await liveUntilStopped(installation, report, () => runAll({ root, report, suites, filters, installation }));
}

function parseTestOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: { only: { type: "string" } },
  });
  const only = SUITES.find((suite) => suite === values.only);
  if (values.only !== undefined && only === undefined) throw new Error(`--only takes one of ${SUITES.join(", ")}.`);
  return { suites: new Set<Suite>(only ? [only] : SUITES), filters: positionals };
}

/** The tests run on servers of their own, whatever the shell's environment names. */
function forgetOtherServers(): void {
  const kept = new Set(["COUNTERSIGN_PYTHON", "COUNTERSIGN_CACHE_DIR", "COUNTERSIGN_TRACE", "COUNTERSIGN_E2E_SHOTS"]);
  for (const name of Object.keys(process.env)) {
    const isOurs = name.startsWith("COUNTERSIGN_") && !kept.has(name);
    if (isOurs || name === "DATABASE_URL" || name.startsWith("TEMPORAL_")) delete process.env[name];
  }
}

async function runAll(run: Run): Promise<Ending> {
  const { suites, report, root, installation } = run;
  const chromium = suites.has("e2e") ? await findChromium((line) => report.line(`  ${line}`)) : null;
  const needsServices = suites.has("integration") || suites.has("workflows") || suites.has("e2e");
  const services = needsServices
    ? await startServices(
        installation,
        { root, port: null, webFrom: WEB_FROM, databaseSettings: FAST_AND_LOOSE },
        report,
      )
    : null;
  if (services) void prebuildPython(root, installation.folder.path, report);
  const tally = add(
    await runWithoutServices(run),
    services ? await runWithServices(run, services) : NOTHING,
    services && chromium ? await runInBrowser(run, services, chromium) : NOTHING,
  );
  const hasPassed = tally.failed === 0;
  return { code: hasPassed ? 0 : 1, lastLine: summaryLine(tally), erases: hasPassed };
}

/** Static checks and unit tests beside the build. Types come after it: both write below `.next`. */
async function runWithoutServices({ suites, report, root, filters }: Run): Promise<Tally> {
  const [types, ...others] = suites.has("checks") ? staticChecks() : [];
  const build = suites.has("e2e") ? ensureBuild(root, report) : Promise.resolve();
  const beside = [
    ...(suites.has("unit") ? [() => runVitest("unit", { env: process.env, report, filters })] : []),
    ...others.map((check) => () => runCheck(check, report)),
  ];
  const [tallies] = await Promise.all([runInLanes(beside, 1), build]);
  return add(...tallies, types ? await runCheck(types, report) : NOTHING);
}

async function runWithServices({ suites, report, filters }: Run, services: Services): Promise<Tally> {
  const env = testEnvironment(services);
  const projects = (["workflows", "integration"] as const).filter((project) => suites.has(project));
  return add(
    ...(await runInLanes(
      projects.map((project) => () => runVitest(project, { env, report, filters })),
      1,
    )),
  );
}

function testEnvironment({ databaseUrl, temporalAddress }: Services): NodeJS.ProcessEnv {
  const admin = new URL(databaseUrl);
  admin.pathname = "/postgres";
  return {
    ...process.env,
    COUNTERSIGN_TEST_DATABASE_URL: admin.toString(),
    COUNTERSIGN_TEST_TEMPORAL_ADDRESS: temporalAddress,
    COUNTERSIGN_CACHE_DIR: cacheFolder(),
  };
}

/** Browser tests look at the production build after the demonstration has filled it. */
async function runInBrowser(run: Run, services: Services, chromium: string): Promise<Tally> {
  const { installation, report, root, filters } = run;
  const stack = await startApplication(installation, services, { root, dev: false, report });
  await runDemonstration({ stack, report, setUpLink: () => setUpLink(stack) });
  const env = {
    ...testEnvironment(services),
    CHROMIUM_PATH: chromium,
    COUNTERSIGN_E2E_DEMO: installation.folder.file("demo.json"),
  };
  return runPlaywright({ env, report, filters });
}
