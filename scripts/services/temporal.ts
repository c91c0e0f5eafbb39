import type { DataFolder } from "../run/data-folder";
import { whenListening } from "../run/readiness";
import type { Supervisor } from "../run/supervisor";
import { accepts, type Ports } from "../system/ports";
import { isRecent, type TemporalProgram } from "./temporal-program";

/**
 * Without these the development server takes 50 ms for each sequential step and a second for every timer:
 * it paces its queues to 20 a second and rounds timers up. Write-ahead logging with full synchronisation
 * keeps what it promised through a power cut.
 */
export const TEMPORAL_SETTINGS = [
  "--dynamic-config-value", "history.transferProcessorMaxPollRPS=5000",
  "--dynamic-config-value", "history.timerProcessorMaxPollRPS=5000",
  "--dynamic-config-value", "history.visibilityProcessorMaxPollRPS=5000",
  "--dynamic-config-value", 'history.timerProcessorMaxTimeShift="10ms"',
  "--sqlite-pragma", "journal_mode=wal",
  "--sqlite-pragma", "synchronous=2",
] as const; // biome-ignore format: pairs read better in pairs

type Start = {
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  readonly ports: Ports;
  readonly program: TemporalProgram;
};

/** Starts the development server on loopback. Its file carries the server's version, whose schema it has. */
export async function startTemporal({
  folder,
  supervisor,
  ports,
  program,
}: Start): Promise<{ readonly address: string; readonly uiUrl: string }> {
  await supervisor.start({
    name: "temporal",
    command: program.path,
    args: [
      "server",
      "start-dev",
      "--ip",
      "127.0.0.1",
      "--port",
      String(ports.temporal),
      "--http-port",
      String(ports.temporalHttp),
      "--metrics-port",
      String(ports.temporalMetrics),
      "--ui-ip",
      "127.0.0.1",
      "--ui-port",
      String(ports.temporalUi),
      "--db-filename",
      folder.file(`temporal-${program.server}.db`),
      "--log-level",
      "warn",
      ...(isRecent(program.version, [1, 8]) ? ["--ui-disable-news-fetch"] : []),
      ...TEMPORAL_SETTINGS,
    ],
    env: process.env,
    cwd: "/",
    restarts: false,
    ready: whenListening(ports.temporal),
  });
  return { address: `127.0.0.1:${ports.temporal}`, uiUrl: `http://127.0.0.1:${ports.temporalUi}` };
}

/** A server of somebody else must answer before anything is started against it. */
export async function checkTemporalAddress(address: string): Promise<void> {
  const url = new URL(`tcp://${address}`);
  if (!(await accepts(Number(url.port || 7233), url.hostname))) {
    throw new Error(
      `Nothing answers at TEMPORAL_ADDRESS ${address}; start that server, or unset the variable to get one here.`,
    );
  }
}
