import { z } from "zod";
import { ROLE_NAMES } from "@/domain/identity/roles";
import type { Client } from "../client";
import { type Output, table } from "../output";

const me = z.object({
  kind: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  organisation: z.string().nullable(),
});

/** Whose token it is, and the projects that it reaches with the roles there. */
export async function whoAmI(client: Client, output: Output): Promise<void> {
  const person = await client.query("identity.me", undefined, me);
  const projects = await client.projects();
  const about = [person.email, person.kind === "person" ? null : person.kind, person.organisation]
    .filter((part) => part !== null)
    .join(", ");
  output.line(`${person.name}${about ? ` (${about})` : ""} at ${client.url}`);
  const rows = projects.map(({ slug, name, roles }) => [
    `  ${slug}`,
    name,
    roles.map((role) => `${role} ${ROLE_NAMES[role]}`).join(", "),
  ]);
  output.line(rows.length === 0 ? "The token reaches no project." : table(rows));
}
