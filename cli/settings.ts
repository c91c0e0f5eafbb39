import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { CliError, EXIT } from "./cli-error";

const stored = z.object({
  url: z.url().optional(),
  token: z.string().min(1).optional(),
  project: z.string().min(1).optional(),
});
type Stored = z.infer<typeof stored>;

export type Settings = { readonly url: string; readonly token: string; readonly project: string | null };
type Environment = Readonly<Record<string, string | undefined>>;

export function settingsFile(environment: Environment): string {
  const folder = environment.XDG_CONFIG_HOME || path.join(environment.HOME || os.homedir(), ".config");
  return path.join(folder, "countersign", "config.json");
}

/** The environment first (COUNTERSIGN_URL, COUNTERSIGN_TOKEN, COUNTERSIGN_PROJECT), then what `configure` stored. */
export function readSettings(environment: Environment): Settings {
  const file = settingsFile(environment);
  const kept = readStored(file);
  const url = environment.COUNTERSIGN_URL || kept.url;
  const token = environment.COUNTERSIGN_TOKEN || kept.token;
  if (!url || !token) {
    const missing = [url ? null : "COUNTERSIGN_URL", token ? null : "COUNTERSIGN_TOKEN"]
      .filter((name) => name !== null)
      .join(" and ");
    throw new CliError(
      `Set ${missing}, or run "countersign configure". A token is made on the page Settings, Tokens.`,
      EXIT.usage,
    );
  }
  if (!URL.canParse(url)) throw new CliError(`COUNTERSIGN_URL is no address: ${url}`, EXIT.usage);
  return { url: url.replace(/\/+$/, ""), token, project: environment.COUNTERSIGN_PROJECT || kept.project || null };
}

function readStored(file: string): Stored {
  if (!existsSync(file)) return {};
  try {
    return stored.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new CliError(
      `${file} is not what "countersign configure" writes; delete it and configure again.`,
      EXIT.usage,
    );
  }
}

/** Keeps the settings where only this account can read them; answers the file. */
export function writeSettings(environment: Environment, settings: Stored): string {
  const file = settingsFile(environment);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(stored.parse(settings), null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}
