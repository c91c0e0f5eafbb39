import { readFileSync } from "node:fs";
import { z } from "zod";

const shape = z.object({
  url: z.string(),
  gatewayUrl: z.string(),
  temporalAddress: z.string(),
  project: z.string(),
  model: z.string(),
  users: z.array(z.object({ email: z.string(), password: z.string(), role: z.string(), token: z.string() })),
});

const answerShape = z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) });
const projectsShape = z.array(z.object({ id: z.string(), slug: z.string() }));

export type Demonstration = z.infer<typeof shape>;
export type Person = Demonstration["users"][number];

/** What the demonstration left: where everything is, and who may do what. */
export function readDemonstration(): Demonstration {
  return shape.parse(JSON.parse(readFileSync(process.env.COUNTERSIGN_E2E_DEMO ?? ".data/demo.json", "utf8")));
}

export function personIn(demo: Demonstration, role: string): Person {
  const person = demo.users.find((candidate) => candidate.role === role);
  if (!person) throw new Error(`The demonstration has nobody in the role ${role}.`);
  return person;
}

/** Signs in as a browser does and returns the cookies of the session. */
export async function signIn(url: string, person: Person): Promise<string> {
  const jar = new Map<string, string>();
  const remember = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(";", 1)[0] ?? "";
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
  };
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const form = await fetch(`${url}/api/auth/csrf`);
  remember(form);
  const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await form.json());
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookies(), origin: url, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrfToken, email: person.email, password: person.password }),
  });
  remember(answer);
  if (![...jar.keys()].some((name) => name.includes("session-token"))) {
    throw new Error(`${person.email} could not sign in (status ${answer.status}).`);
  }
  return cookies();
}

/** Asks a tRPC query over HTTP, as the person to whom the token belongs. */
export async function query(demo: Demonstration, token: string, procedure: string, input: unknown): Promise<unknown> {
  const search = new URLSearchParams({ input: JSON.stringify({ json: input }) });
  const answer = await fetch(`${demo.url}/api/trpc/${procedure}?${search}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const parsed = answerShape.safeParse(await answer.json());
  if (!parsed.success) throw new Error(`${procedure} answered ${answer.status}.`);
  return parsed.data.result.data.json;
}

/** The id of the demonstration's project. */
export async function projectIdOf(demo: Demonstration, token: string): Promise<string> {
  const projects = projectsShape.parse(await query(demo, token, "projects.list", {}));
  const project = projects.find((candidate) => candidate.slug === demo.project);
  if (!project) throw new Error(`There is no project ${demo.project}.`);
  return project.id;
}
