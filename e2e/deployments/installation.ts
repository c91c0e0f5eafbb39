import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import type { Demonstration } from "../people";
import { ask, makeProject } from "../pipelines/own-project";

const START_LIMIT_MS = 120_000;
const STARTED = "Ctrl-C stops everything.";
const SET_UP_LINK = /\/set-up\/(\S+)/;
/** As root Postgres and the steps have their folders here, since they run as another account. */
const OUTSIDE = "/var/lib/countersign/";

const portsShape = z.object({ web: z.number(), gateway: z.number() });
const partsShape = z.array(z.object({ pid: z.number().int().positive() }));
const outsideShape = z.object({ dataFolder: z.string().optional(), workFolder: z.string().optional() });

/** `npm start` on a data folder of its own, which can be killed and started again. */
export type Installation = {
  /** Answers what the command printed until everything ran. */
  readonly start: () => Promise<string>;
  /** Kills the command and every part at once, as a power cut does. */
  readonly kill: () => Promise<void>;
  /** Ends what runs and deletes what it left, wherever it lies. */
  readonly erase: () => Promise<void>;
  readonly addresses: () => Pick<Demonstration, "url" | "gatewayUrl">;
};

/** The shell's environment without what names other servers. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = new Set(["COUNTERSIGN_PYTHON", "COUNTERSIGN_CACHE_DIR"]);
  const isOther = (name: string) => /^(COUNTERSIGN_|TEMPORAL_|DATABASE_URL$|NODE_OPTIONS$|npm_)/.test(name);
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => kept.has(name) || !isOther(name)),
  ) as NodeJS.ProcessEnv;
}

export function newInstallation(): Installation {
  const folder = mkdtempSync(path.join(os.tmpdir(), "countersign-outage-"));
  let command: ChildProcess | null = null;
  const read = <T>(name: string, shape: z.ZodType<T>): T | null => {
    const file = path.join(folder, name);
    return existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, "utf8"))) : null;
  };

  async function kill(): Promise<void> {
    if (command && command.exitCode === null && command.signalCode === null) {
      const ended = once(command, "exit");
      command.kill("SIGKILL");
      await ended;
    }
    for (const { pid } of read("processes.json", partsShape) ?? []) killGroup(pid);
  }

  return {
    async start() {
      command = spawn(process.execPath, ["scripts/start.mjs", "--data-dir", folder], {
        env: ownEnvironment(),
        stdio: ["ignore", "pipe", "pipe"],
      });
      return untilPrinted(command, STARTED);
    },
    kill,
    async erase() {
      if (command && command.exitCode === null && command.signalCode === null) {
        const ended = once(command, "exit");
        command.kill("SIGTERM");
        await ended;
      }
      for (const name of ["postgres.json", "work-folder.json"]) {
        const { dataFolder, workFolder } = read(name, outsideShape) ?? {};
        const outside = workFolder ?? (dataFolder && path.dirname(dataFolder));
        if (outside?.startsWith(OUTSIDE)) rmSync(outside, { recursive: true, force: true });
      }
      rmSync(folder, { recursive: true, force: true });
    },
    addresses() {
      const ports = read("ports.json", portsShape);
      if (!ports) throw new Error("The installation has not been started.");
      return { url: `http://localhost:${ports.web}`, gatewayUrl: `http://localhost:${ports.gateway}` };
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Rejects with all that was printed where the command ends or takes too long. */
function untilPrinted(command: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(() => reject(new Error(`It did not start in time:\n${printed}`)), START_LIMIT_MS);
    const hear = (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      if (!printed.includes(text)) return;
      clearTimeout(timer);
      resolve(printed);
    };
    command.stdout?.on("data", hear);
    command.stderr?.on("data", hear);
    command.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`It ended with ${code}:\n${printed}`));
    });
  });
}

/** The administrator comes in by the link that the first start printed, and brings one person for each of the roles. */
export async function settle(installation: Installation, printed: string): Promise<Demonstration> {
  const [, secret] = SET_UP_LINK.exec(printed) ?? [];
  if (!secret) throw new Error(`No set-up link was printed:\n${printed}`);
  const empty = { ...installation.addresses(), temporalAddress: "", project: "", model: "", users: [] };
  const kim = { name: "Kim", email: "kim@example.test", password: randomBytes(12).toString("base64url") };
  await ask(empty, null, "identity.setUp", { secret, organisation: "Outage", ...kim });
  const { token } = await ask<{ token: string }>(empty, null, "identity.createTokenByPassword", {
    projectId: null,
    email: kim.email,
    password: kim.password,
    name: "outage",
    scopes: ["read", "write"],
    expiresInDays: 1,
  });
  const admin = { ...kim, role: "admin", token };
  const { people } = await makeProject({ ...empty, users: [admin] }, "Staff", {
    R1: ["R1"],
    R3: ["R3"],
    R4: ["R4"],
    R5: ["R5"],
    R7: ["R7"],
  });
  return {
    ...empty,
    users: [admin, ...Object.entries(people).map(([role, person]) => ({ ...person, name: role, role }))],
  };
}
