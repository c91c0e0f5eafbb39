import { z } from "zod";
import { ROLES } from "@/domain/identity/roles";
import { CliError, EXIT } from "./cli-error";
import type { Settings } from "./settings";

/** What the server says of a refusal; over tRPC the same lies deeper. */
const refusal = z.object({ message: z.string() });
const trpcRefusal = z.object({ error: z.object({ json: refusal }) });
const trpcAnswer = z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) });
const projectList = z.array(
  z.object({ id: z.uuid(), slug: z.string(), name: z.string(), roles: z.array(z.enum(ROLES)) }),
);

export type Project = z.infer<typeof projectList>[number];
export type Client = ReturnType<typeof openClient>;

type Sending = { readonly method: "GET" | "POST"; readonly body?: BodyInit; readonly contentType?: string };

/** Talks to the server over HTTP, as the person whose token it is. Refusals become a CliError with the server's sentence. */
export function openClient(settings: Settings) {
  async function send(path: string, { method, body, contentType }: Sending): Promise<unknown> {
    const response = await reach(`${settings.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${settings.token}`,
        accept: "application/json",
        ...(contentType && { "content-type": contentType }),
      },
      ...(body !== undefined && { body }),
    });
    const answer = await jsonOf(response);
    if (!response.ok) throw refusalOf(response.status, answer, settings.url);
    return answer;
  }

  async function parsed<T>(shape: z.ZodType<T>, answer: unknown): Promise<T> {
    const result = shape.safeParse(answer);
    if (result.success) return result.data;
    throw new CliError(
      `${settings.url} answered in a form that this version of the command does not know. Is it the same version of Countersign?`,
    );
  }

  const json = (value: unknown): Pick<Sending, "body" | "contentType"> => ({
    body: JSON.stringify(value),
    contentType: "application/json",
  });
  const unwrap = async <T>(shape: z.ZodType<T>, answer: unknown) =>
    parsed(shape, (await parsed(trpcAnswer, answer)).result.data.json);

  const query = async <T>(procedure: string, input: unknown, shape: z.ZodType<T>) => {
    const search = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
    return unwrap(shape, await send(`/api/trpc/${procedure}${search}`, { method: "GET" }));
  };

  return {
    url: settings.url,
    get: async <T>(path: string, shape: z.ZodType<T>) => parsed(shape, await send(path, { method: "GET" })),
    post: async <T>(path: string, value: unknown, shape: z.ZodType<T>) =>
      parsed(shape, await send(path, { method: "POST", ...json(value) })),
    upload: async <T>(
      path: string,
      file: { readonly body: BodyInit; readonly contentType: string },
      shape: z.ZodType<T>,
    ) => parsed(shape, await send(path, { method: "POST", ...file })),
    query,
    mutate: async <T>(procedure: string, input: unknown, shape: z.ZodType<T>) =>
      unwrap(shape, await send(`/api/trpc/${procedure}`, { method: "POST", ...json({ json: input }) })),
    projects: () => query("projects.list", undefined, projectList),
    /** The project that was named, else the only one that the token reaches. */
    async project(named: string | null): Promise<Project> {
      const projects = await query("projects.list", undefined, projectList);
      const wanted = named ?? settings.project;
      const [only] = projects;
      if (wanted === null && only && projects.length === 1) return only;
      const found = projects.find((project) => project.slug === wanted || project.id === wanted);
      if (found) return found;
      const slugs = projects.map((project) => project.slug).join(", ") || "none";
      throw new CliError(
        wanted === null
          ? `Name the project with --project or COUNTERSIGN_PROJECT; this token reaches ${slugs}.`
          : `This token reaches no project ${wanted}, but ${slugs}.`,
      );
    },
  };
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...init, redirect: "error" });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CliError(`${new URL(address).origin} cannot be reached: ${cause}`, EXIT.unreachable);
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new CliError(
      `${new URL(response.url).origin} answered ${response.status} without JSON. Is this the address of Countersign?`,
      EXIT.unreachable,
    );
  }
}

const issues = z.array(z.object({ message: z.string() })).min(1);

/** A refused input comes as a list of issues in JSON; people get their sentences. */
function sentenceOf(message: string): string {
  if (!message.startsWith("[")) return message;
  try {
    return issues
      .parse(JSON.parse(message))
      .map((issue) => issue.message)
      .join("\n");
  } catch {
    return message;
  }
}

function refusalOf(status: number, answer: unknown, url: string): CliError {
  if (status === 401) return new CliError(`${url} does not take the token: it is unknown, expired or revoked.`);
  const plain = refusal.safeParse(answer);
  const deeper = trpcRefusal.safeParse(answer);
  const message = plain.success
    ? plain.data.message
    : deeper.success
      ? sentenceOf(deeper.data.error.json.message)
      : `The server answered ${status}.`;
  return new CliError(message);
}
