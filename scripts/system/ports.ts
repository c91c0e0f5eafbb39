import { randomInt } from "node:crypto";
import net from "node:net";
import { z } from "zod";
import type { DataFolder } from "../run/data-folder";

const FILE = "ports.json";
const WEB_DEFAULT = 3000;
/** Below the range from which systems take the ports of outgoing connections. */
const FREE_RANGE = { from: 20_000, to: 32_000 } as const;
const OTHERS = ["gateway", "postgres", "temporal", "temporalUi", "temporalHttp", "temporalMetrics"] as const;

const shape = z.object({
  web: z.number(),
  gateway: z.number(),
  postgres: z.number(),
  temporal: z.number(),
  temporalUi: z.number(),
  temporalHttp: z.number(),
  temporalMetrics: z.number(),
});

export type Ports = z.infer<typeof shape>;

/** The ports of this folder: those of last time where they are still free, else new ones, recorded. */
export async function choosePorts(
  folder: DataFolder,
  wanted: { readonly web: number | null; readonly webFrom: number | null },
): Promise<Ports> {
  const kept = folder.read(FILE, shape);
  const web = await chooseWebPort(wanted.web, kept?.web ?? wanted.webFrom ?? WEB_DEFAULT);
  const taken = new Set([web]);
  const chosen: Record<string, number> = { web };
  for (const name of OTHERS) {
    const port = await keepOrFind(kept?.[name], taken);
    taken.add(port);
    chosen[name] = port;
  }
  const ports = shape.parse(chosen);
  folder.write(FILE, ports);
  return ports;
}

async function chooseWebPort(wanted: number | null, from: number): Promise<number> {
  if (wanted !== null) {
    if (await isFree(wanted)) return wanted;
    throw new Error(`Port ${wanted} is in use. Choose another with --port, or leave --port away to get a free one.`);
  }
  for (let port = from; port < from + 200; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${from} to ${from + 199} is free; choose one with --port.`);
}

async function keepOrFind(kept: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  if (kept !== undefined && !taken.has(kept) && (await isFree(kept))) return kept;
  for (;;) {
    const port = randomInt(FREE_RANGE.from, FREE_RANGE.to);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

/** Free on both loopback addresses: "localhost" may mean either. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, "127.0.0.1")) && (await canListen(port, "::1"));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT"),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether something accepts connections there. */
export function accepts(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host, timeout: 2_000 });
    const finish = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}
