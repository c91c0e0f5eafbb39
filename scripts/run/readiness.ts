import { open } from "node:fs/promises";
import { accepts } from "../system/ports";
import { waitUntil } from "../system/wait-until";

const WITHIN_MS = 120_000;

/** Ready when the address answers 2xx. */
export function whenHealthy(url: string): (part: { readonly log: string }) => Promise<void> {
  return ({ log }) =>
    waitUntil(() => answers(url), {
      withinMs: WITHIN_MS,
      otherwise: `${url} did not answer within two minutes. The log: ${log}`,
    });
}

/** Ready when the part's own log says so in a line that was written by this start. */
export function whenLogSays(
  sentence: string,
): (part: { readonly log: string; readonly logFrom: number }) => Promise<void> {
  return ({ log, logFrom }) =>
    waitUntil(async () => (await readFrom(log, logFrom)).includes(sentence), {
      withinMs: WITHIN_MS,
      otherwise: `"${sentence}" did not appear within two minutes in ${log}`,
    });
}

export function whenListening(port: number): (part: { readonly log: string }) => Promise<void> {
  return ({ log }) =>
    waitUntil(() => accepts(port), {
      withinMs: WITHIN_MS,
      otherwise: `Nothing listens on port ${port} after two minutes. The log: ${log}`,
    });
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function readFrom(file: string, position: number): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, size - position));
    await handle.read(buffer, 0, buffer.length, position);
    return buffer.toString("utf8");
  } finally {
    await handle.close();
  }
}
