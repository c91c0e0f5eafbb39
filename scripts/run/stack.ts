import path from "node:path";
import { migrateDatabase } from "@/db/migrate";
import { startPostgres } from "../services/postgres";
import { deleteDatabase } from "../services/postgres-place";
import { checkTemporalAddress, startTemporal } from "../services/temporal";
import { findTemporal } from "../services/temporal-program";
import { tryLock } from "../system/file-lock";
import { choosePorts, type Ports } from "../system/ports";
import { killRunningCommands } from "../system/run-command";
import { ensureBuild } from "./build";
import { type DataFolder, emptyDataFolder, openDataFolder } from "./data-folder";
import { environmentOf, publicAddresses } from "./environment";
import { endLeftBehind } from "./processes";
import { whenHealthy, whenLogSays } from "./readiness";
import type { Report } from "./report";
import { loadSecrets, type Secrets } from "./secrets";
import { createSupervisor, type PartSpec, type Supervisor } from "./supervisor";

export type StackOptions = {
  readonly root: string;
  readonly dataDir: string;
  readonly port: number | null;
  readonly reset: boolean;
  readonly dev: boolean;
  /** Extra settings of the embedded Postgres. */
  readonly databaseSettings?: readonly string[];
};

export type Stack = {
  readonly folder: DataFolder;
  readonly url: string;
  readonly gatewayUrl: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Null when the Temporal server is somebody else's. */
  readonly temporalUiUrl: string | null;
  /** What web, worker and gateway were started with. */
  readonly env: NodeJS.ProcessEnv;
  /** Rejects with a sentence when a part that cannot be restarted has ended. */
  readonly failed: Promise<never>;
};

type Base = {
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  readonly report: Report;
  readonly ports: Ports;
  readonly secrets: Secrets;
};

/** A folder that this process holds, with its supervisor; nothing is started yet. */
export type Installation = {
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  readonly close: () => Promise<void>;
  readonly kill: () => void;
};

/** Takes the data folder, ends what an earlier parent left running there, and empties it when asked to. */
export async function openInstallation(
  options: Pick<StackOptions, "dataDir" | "reset">,
  report: Report,
): Promise<Installation> {
  const folder = openDataFolder(options.dataDir);
  const lock = tryLock(folder.file("supervisor.lock"));
  if (!("release" in lock)) {
    const who = lock.holder ? ` (process ${lock.holder.pid})` : "";
    throw new Error(
      `Countersign is already running on ${folder.path}${who}. Stop it first, or choose another folder with --data-dir.`,
    );
  }
  const left = await endLeftBehind(folder);
  if (left.length > 0)
    report.line(`  An earlier start was cut off; what it left running was ended: ${left.join(", ")}.`);
  if (options.reset) {
    deleteDatabase(folder);
    emptyDataFolder(folder);
  }
  const supervisor = createSupervisor(folder, report.line);
  return {
    folder,
    supervisor,
    async close() {
      killRunningCommands();
      await supervisor.stop();
      lock.release();
    },
    kill() {
      killRunningCommands();
      supervisor.kill();
      lock.release();
    },
  };
}

/** Starts Postgres and Temporal (or checks those that the environment names), then web, worker and gateway. */
export async function startStack(
  { folder, supervisor }: Installation,
  options: StackOptions,
  report: Report,
): Promise<Stack> {
  const ports = await choosePorts(folder, { web: options.port });
  const secrets = loadSecrets(folder);
  const base: Base = { folder, supervisor, report, ports, secrets };
  const [databaseUrl, temporal] = await Promise.all([
    database(base, options),
    workflowEngine(base),
    options.dev ? Promise.resolve() : ensureBuild(options.root, report),
  ]);
  const env = environmentOf({
    dataDir: folder.path,
    ports,
    secrets,
    databaseUrl,
    temporalAddress: temporal.address,
    isDevelopment: options.dev,
  });
  await report.step("Web, worker and gateway", () =>
    Promise.all(partsOf(options, env, ports).map((part) => supervisor.start(part))),
  );
  return {
    folder,
    ...publicAddresses(ports),
    databaseUrl,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    env,
    failed: supervisor.failed,
  };
}

async function database(base: Base, options: StackOptions): Promise<string> {
  const { folder, supervisor, report, ports, secrets } = base;
  const given = process.env.DATABASE_URL;
  const url =
    given ??
    (await report.step(`Postgres on 127.0.0.1:${ports.postgres}`, () =>
      startPostgres({
        folder,
        supervisor,
        port: ports.postgres,
        password: secrets.databasePassword,
        settings: options.databaseSettings ?? [],
      }),
    ));
  await report.step(given ? "Database of DATABASE_URL brought up to date" : "Database brought up to date", () =>
    migrateDatabase(url, path.join(options.root, "db", "migrations")),
  );
  return url;
}

async function workflowEngine({
  folder,
  supervisor,
  report,
  ports,
}: Base): Promise<{ readonly address: string; readonly uiUrl: string | null }> {
  const given = process.env.TEMPORAL_ADDRESS;
  if (given) {
    await report.step(`Temporal at ${given} (TEMPORAL_ADDRESS)`, () => checkTemporalAddress(given));
    return { address: given, uiUrl: null };
  }
  return report.step(`Temporal on 127.0.0.1:${ports.temporal}`, async () => {
    const program = await findTemporal({
      note: (line) => report.line(`    ${line}`),
      python: process.env.COUNTERSIGN_PYTHON ?? "python3",
    });
    return startTemporal({ folder, supervisor, ports, program });
  });
}

function partsOf({ root, dev }: StackOptions, env: NodeJS.ProcessEnv, ports: Ports): PartSpec[] {
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
