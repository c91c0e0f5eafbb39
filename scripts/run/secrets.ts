import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { DataFolder } from "./data-folder";

const FILE = "secrets.json";
const shape = z.object({
  authSecret: z.string().min(32),
  internalSecret: z.string().min(32),
  databasePassword: z.string().min(20),
});

export type Secrets = z.infer<typeof shape>;

/** The installation's secrets, made once, readable only by the account that runs it. */
export function loadSecrets(folder: DataFolder): Secrets {
  const kept = folder.read(FILE, shape);
  if (kept) return kept;
  const made: Secrets = { authSecret: random(), internalSecret: random(), databasePassword: random() };
  folder.write(FILE, made);
  return made;
}

function random(): string {
  return randomBytes(32).toString("base64url");
}
