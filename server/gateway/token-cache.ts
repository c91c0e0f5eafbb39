import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { tokens } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { actorByToken } from "../auth/authenticate";
import { authorize } from "../authz/authorize";
import { sha256 } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { within } from "../serving/within";

/** How long a token's standing is believed without asking; a revoked one stops within this. */
export const TOKEN_CACHE_MS = 5_000;
/** Asked again in the background from this age on, so that no request waits for the database. */
const REFRESH_MS = 3_000;
/** How long a token that was good goes on while Postgres cannot be asked. */
export const TOKEN_OUTAGE_MS = 60 * 60_000;
const LOOKUP_MS = 2_000;
const MOST_ENTRIES = 10_000;

type Verdict = { readonly projectId: string; readonly expiresAtMs: number | null } | { readonly refusal: AppError };
type Entry = {
  verdict: Verdict;
  checkedAt: number;
  /** The last question got no answer from Postgres. */
  isUnanswered: boolean;
  asking: Promise<Verdict> | null;
};

const saved = z.array(
  z.object({ key: z.string(), projectId: z.string(), expiresAtMs: z.number().nullable(), checkedAt: z.number() }),
);

/**
 * Which project a token may predict in. Only SHA-256 sums of tokens are kept, in memory and in the folder, so that
 * a restart without Postgres can go on.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();
  private isDirty = false;

  constructor(
    private readonly ctx: ServiceContext,
    private readonly folder: string,
  ) {}

  /**
   * The project of a token that may predict, at once where it is known. Throws `unauthenticated`, `forbidden` or
   * `not_found` as the rest of the product does, and `unavailable` where an unknown token cannot be checked.
   */
  async projectOf(secret: string, namedProject: string | null): Promise<string> {
    const key = sha256(`${secret} ${namedProject ?? ""}`);
    const entry = this.entries.get(key);
    const age = entry ? Date.now() - entry.checkedAt : Number.POSITIVE_INFINITY;
    if (entry && age < TOKEN_CACHE_MS) {
      if (age > REFRESH_MS) this.askInBackground(key, secret, namedProject);
      return projectIn(entry.verdict);
    }
    // One question waited for Postgres in vain: until it answers again, no request waits for it.
    if (entry?.isUnanswered) {
      this.askInBackground(key, secret, namedProject);
      return this.duringOutage(entry);
    }
    try {
      return projectIn(await this.ask(key, secret, namedProject));
    } catch (error) {
      if (error instanceof AppError) throw error;
      return this.duringOutage(entry);
    }
  }

  async load(): Promise<void> {
    const text = await readFile(this.file, "utf8").catch(() => "[]");
    const parsed = saved.safeParse(jsonOr(text, []));
    for (const { key, projectId, expiresAtMs, checkedAt } of parsed.success ? parsed.data : []) {
      this.entries.set(key, { verdict: { projectId, expiresAtMs }, checkedAt, isUnanswered: false, asking: null });
    }
  }

  /** Writes good tokens' sums to the folder where something changed. */
  async save(): Promise<void> {
    if (!this.isDirty) return;
    this.isDirty = false;
    const list = [...this.entries].flatMap(([key, { verdict, checkedAt }]) =>
      "projectId" in verdict ? [{ key, ...verdict, checkedAt }] : [],
    );
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(`${this.file}.next`, JSON.stringify(list), { mode: 0o600 });
    await rename(`${this.file}.next`, this.file);
  }

  private get file(): string {
    return path.join(this.folder, "tokens.json");
  }

  private askInBackground(key: string, secret: string, namedProject: string | null): void {
    void this.ask(key, secret, namedProject).catch(() => undefined);
  }

  /** One question at a time for a token, however many requests wait for the answer. */
  private ask(key: string, secret: string, namedProject: string | null): Promise<Verdict> {
    const entry = this.entries.get(key);
    if (entry?.asking) return entry.asking;
    const asking = within(LOOKUP_MS, this.lookUp(secret, namedProject))
      .then((verdict) => {
        this.remember(key, verdict);
        return verdict;
      })
      .catch((error: unknown) => {
        const present = this.entries.get(key);
        if (present) present.isUnanswered = true;
        throw error;
      })
      .finally(() => {
        const present = this.entries.get(key);
        if (present) present.asking = null;
      });
    if (entry) entry.asking = asking;
    return asking;
  }

  private remember(key: string, verdict: Verdict): void {
    this.entries.delete(key);
    this.entries.set(key, { verdict, checkedAt: Date.now(), isUnanswered: false, asking: null });
    const [oldest] = this.entries.keys();
    if (this.entries.size > MOST_ENTRIES && oldest !== undefined) this.entries.delete(oldest);
    this.isDirty = true;
  }

  private async lookUp(secret: string, namedProject: string | null): Promise<Verdict> {
    try {
      const actor = await actorByToken(this.ctx, secret);
      if (!actor) throw new AppError("unauthenticated", "token", "The token is unknown, expired or revoked.");
      const token = actor.kind === "person" || actor.kind === "service" ? actor.token : null;
      const projectId = token?.projectId ?? namedProject;
      if (!token || !projectId)
        throw new AppError(
          "forbidden",
          "project_needed",
          "Use a project's token, or name the project in the header x-countersign-project.",
        );
      await authorize(this.ctx, actor, "serving.predict", projectId);
      const [row] = await this.ctx.db
        .select({ expiresAt: tokens.expiresAt })
        .from(tokens)
        .where(eq(tokens.id, token.tokenId));
      return { projectId, expiresAtMs: row?.expiresAt?.getTime() ?? null };
    } catch (error) {
      if (error instanceof AppError) return { refusal: error };
      throw error;
    }
  }

  private duringOutage(entry: Entry | undefined): string {
    if (!entry || "refusal" in entry.verdict || Date.now() - entry.checkedAt > TOKEN_OUTAGE_MS) {
      throw new AppError("unavailable", "token_unchecked", "The token cannot be checked at the moment. Try again.");
    }
    return projectIn(entry.verdict);
  }
}

function projectIn(verdict: Verdict): string {
  if ("refusal" in verdict) throw verdict.refusal;
  if (verdict.expiresAtMs !== null && verdict.expiresAtMs <= Date.now())
    throw new AppError("unauthenticated", "token", "The token is unknown, expired or revoked.");
  return verdict.projectId;
}

function jsonOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
