import { randomBytes } from "node:crypto";
import type { Demonstration } from "../people";
import { personIn } from "../people";

/** Somebody of a test's own project, with a token that may sign. */
export type Colleague = { readonly email: string; readonly password: string; readonly token: string };

export type OwnProject<Name extends string> = {
  readonly id: string;
  readonly slug: string;
  readonly people: Readonly<Record<Name, Colleague>>;
};

type Answer = {
  readonly result?: { readonly data: { readonly json: unknown } };
  readonly error?: { readonly json: { readonly message: string } };
};

/** A procedure as the person whose token it is; without one, as nobody. Throws the server's sentence. */
export async function ask<T>(
  demo: Demonstration,
  token: string | null,
  procedure: string,
  input: unknown,
  kind: "query" | "mutation" = "mutation",
): Promise<T> {
  const payload = JSON.stringify({ json: input });
  const response = await fetch(
    `${demo.url}/api/trpc/${procedure}${kind === "query" ? `?input=${encodeURIComponent(payload)}` : ""}`,
    {
      method: kind === "query" ? "GET" : "POST",
      headers: {
        "content-type": "application/json",
        "x-countersign": "e2e",
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(kind === "mutation" && { body: payload }),
    },
  );
  const answer = (await response.json()) as Answer;
  if (!answer.result) throw new Error(`${procedure}: ${answer.error?.json.message ?? response.status}`);
  return answer.result.data.json as T;
}

/** The administrator makes a project and invites people with the given roles, each of whom comes in by their own link. */
export async function makeProject<Name extends string>(
  demo: Demonstration,
  name: string,
  cast: Readonly<Record<Name, readonly string[]>>,
): Promise<OwnProject<Name>> {
  const admin = personIn(demo, "admin").token;
  const mark = randomBytes(4).toString("hex");
  const project = await ask<{ id: string; slug: string }>(demo, admin, "projects.create", {
    name: `${name} ${mark}`,
    risk: "medium",
  });
  const people: [string, Colleague][] = [];
  for (const [who, roles] of Object.entries<readonly string[]>(cast)) {
    people.push([who, await invite(demo, project.id, { name: who, email: `${who}-${mark}@example.test`, roles })]);
  }
  return { id: project.id, slug: project.slug, people: Object.fromEntries(people) as Record<Name, Colleague> };
}

async function invite(
  demo: Demonstration,
  projectId: string,
  { name, email, roles }: { readonly name: string; readonly email: string; readonly roles: readonly string[] },
): Promise<Colleague> {
  const password = randomBytes(12).toString("base64url");
  const { secret } = await ask<{ secret: string }>(demo, personIn(demo, "admin").token, "identity.invite", {
    projectId,
    email,
    roles,
  });
  await ask(demo, null, "identity.acceptInvitation", { secret, name, password });
  const scopes = ["read", "write", "predict", "sign"];
  const { token } = await ask<{ token: string }>(demo, null, "identity.createTokenByPassword", {
    projectId,
    email,
    password,
    name: "command line",
    scopes,
    expiresInDays: 1,
  });
  return { email, password, token };
}
