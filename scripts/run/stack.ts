import path from "node:path";
import { migrateDatabase } from "@/db/migrate";
import { startPostgres } from "../services/postgres";
import { checkTemporalAddress, startTemporal } from "../services/temporal";
import { findTemporal } from "../services/temporal-program";
import { choosePorts, type Ports } from "../system/ports";
import { ensureBuild } from "./build";
import type { DataFolder } from "./data-folder";
import { environmentOf, publicAddresses } from "./environment";
import type { Installation } from "./installation";
import { whenHealthy, whenLogSays } from "./readiness";
import type { Report } from "./report";
import { loadSecrets, type Secrets } from "./secrets";
import type { PartSpec } from "./supervisor";

export type StackOptions = {
  readonly root: string;
  /** The web port; null takes the last one, or a free one from `webFrom` (3000) on. */
  readonly port: number | null;
  readonly webFrom?: number;
  /** Extra settings of the embedded Postgres. */
  readonly databaseSettings?: readonly string[];
};

/** Postgres and Temporal: our own, or those that the environment names. */
export type Services = {
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Null when the Temporal server is somebody else's. */
  readonly temporalUiUrl: string | null;
};

export type Stack = Pick<Services, "databaseUrl" | "temporalAddress" | "temporalUiUrl"> & {
  readonly folder: DataFolder;
  readonly url: string;
  readonly gatewayUrl: string;
  /** What web, worker and gateway were started with. */
  readonly env: NodeJS.ProcessEnv;
};

/** Starts everything: the services while the programs are built, then web, worker and gateway. */
export async function startStack(
  installation: Installation,
  options: StackOptions & { readonly dev: boolean },
  report: Report,
): Promise<Stack> {
  const [services] = await Promise.all([
    startServices(installation, options, report),
    options.dev ? Promise.resolve() : ensureBuild(options.root, report),
  ]);
  return startApplication(installation, services, { ...options, report });
}

/** Starts Postgres and Temporal at the same time; the database has all migrations afterwards. */
export async function startServices(
  installation: Installation,
  options: StackOptions,
  report: Report,
): Promise<Services> {
  const ports = await choosePorts(installation.folder, { web: options.port, webFrom: options.webFrom ?? null });
  const secrets = loadSecrets(installation.folder);
  const [databaseUrl, temporal] = await Promise.all([
    startDatabase(installation, { ...options, ports, secrets, report }),
    startWorkflowEngine(installation, ports, report),
  ]);
  return { ports, secrets, databaseUrl, temporalAddress: temporal.address, temporalUiUrl: temporal.uiUrl };
}

/** Starts web, worker and gateway at the same time and waits until all three can be used. */
export async function startApplication(
  { folder, supervisor }: Installation,
  services: Services,
  options: { readonly root: string; readonly dev: boolean; readonly report: Report },
): Promise<Stack> {
  const { ports, databaseUrl, temporalAddress, temporalUiUrl } = services;
  const env = environmentOf({ ...services, dataDir: folder.path, isDevelopment: options.dev });
  await options.report.step("Web, worker and gateway", () =>
    Promise.all(partsOf({ ...options, env, ports }).map((part) => supervisor.start(part))),
  );
  return { folder, ...publicAddresses(ports), databaseUrl, temporalAddress, temporalUiUrl, env };
}

type DatabaseStart = StackOptions & { readonly ports: Ports; readonly secrets: Secrets; readonly report: Report };

async function startDatabase({ folder, supervisor }: Installation, options: DatabaseStart): Promise<string> {
  const { ports, secrets, report, databaseSettings = [] } = options;
  const given = process.env.DATABASE_URL;
  const start = () =>
    startPostgres({
      folder,
      supervisor,
      port: ports.postgres,
      password: secrets.databasePassword,
      settings: databaseSettings,
    });
  const url = given ?? (await report.step(`Postgres on 127.0.0.1:${ports.postgres}`, start));
  const title = given ? "Database of DATABASE_URL brought up to date" : "Database brought up to date";
  await report.step(title, () => migrateDatabase(url, path.join(options.root, "db", "migrations")));
  return url;
}

async function startWorkflowEngine(
  { folder, supervisor }: Installation,
  ports: Ports,
  report: Report,
): Promise<{ readonly address: string; readonly uiUrl: string | null }> {
  const given = process.env.TEMPORAL_ADDRESS;
  if (given) {
    await report.step(`Temporal at ${given} (TEMPORAL_ADDRESS)`, () => checkTemporalAddress(given));
    return { address: given, uiUrl: null };
  }
  return report.step(`Temporal on 127.0.0.1:${ports.temporal}`, async () => {
    const python = process.env.COUNTERSIGN_PYTHON ?? "python3";
    const program = await findTemporal({ note: (line) => report.line(`    ${line}`), python });
    return startTemporal({ folder, supervisor, ports, program });
  });
}

type Parts = {
  readonly root: string;
  readonly dev: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly ports: Ports;
};

function partsOf({ root, dev, env, ports }: Parts): PartSpec[] {
  const program = (source: string, built: string) =>
    dev ? ["--import", "tsx", source] : ["--enable-source-maps", built];
  const part = { command: process.execPath, env, cwd: root, restarts: true };
  return [
    {
      ...part,
      name: "web",
      args: program("server/main.ts", "dist/server/main.js"),
      ready: whenHealthy(`http://127.0.0.1:${ports.web}/health`),
    },
    {
      ...part,
      name: "worker",
      args: program("workflows/worker.ts", "dist/workflows/worker.js"),
      ready: whenLogSays("worker is ready"),
    },
    {
      ...part,
      name: "gateway",
      args: program("server/gateway/main.ts", "dist/server/gateway/main.js"),
      ready: whenHealthy(`http://127.0.0.1:${ports.gateway}/v2/health/ready`),
    },
  ];
}
