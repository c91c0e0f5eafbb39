import { z } from "zod";
import { PROCESS_ROLES } from "@/domain/identity/roles";
import type { DataFolder } from "./data-folder";
import type { Stack } from "./stack";

const FILE = "demo.json";

const shape = z.object({
  url: z.string(),
  gatewayUrl: z.string(),
  temporalAddress: z.string(),
  project: z.string(),
  model: z.string(),
  users: z.array(
    z.object({
      name: z.string(),
      email: z.string(),
      password: z.string(),
      role: z.enum([...PROCESS_ROLES, "admin"]),
      token: z.string(),
    }),
  ),
});

/** What a finished demonstration leaves for people and programs that want to look at it. */
export type DemoRecord = z.infer<typeof shape>;

export function loadDemoRecord(folder: DataFolder): DemoRecord | null {
  return folder.read(FILE, shape);
}

export function saveDemoRecord(folder: DataFolder, record: DemoRecord): void {
  folder.write(FILE, record);
}

/** A start on other ports brings the record's three addresses up to date. */
export function refreshDemoRecord(stack: Stack): DemoRecord | null {
  const record = loadDemoRecord(stack.folder);
  if (!record) return null;
  const { url, gatewayUrl, temporalAddress } = stack;
  const current = { ...record, url, gatewayUrl, temporalAddress };
  saveDemoRecord(stack.folder, current);
  return current;
}
