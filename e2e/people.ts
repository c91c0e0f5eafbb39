import { readFileSync } from "node:fs";
import { z } from "zod";

const demonstration = z.object({
  url: z.url(),
  gatewayUrl: z.url(),
  temporalAddress: z.string(),
  project: z.string(),
  model: z.string(),
  users: z.array(
    z.object({ name: z.string(), email: z.string(), password: z.string(), role: z.string(), token: z.string() }),
  ),
});

export type Demonstration = z.infer<typeof demonstration>;
export type Person = Demonstration["users"][number];
export type PersonRole = "R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "R7" | "admin";

/** What `npm run demo` wrote about itself: addresses, people, tokens. `npm test` names the file. */
export function readDemonstration(): Demonstration {
  const file = process.env.COUNTERSIGN_E2E_DEMO ?? ".data/demo.json";
  return demonstration.parse(JSON.parse(readFileSync(file, "utf8")));
}

export function personIn(demo: Demonstration, role: PersonRole): Person {
  const person = demo.users.find((candidate) => candidate.role === role);
  if (!person) throw new Error(`The demonstration has nobody in the role ${role}.`);
  return person;
}
