import { appendFile, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type postgres from "postgres";
import { LATENCY_BOUNDS } from "@/domain/serving/latency";
import type { Logger } from "../log/log";
import { within } from "../serving/within";
import { adoptLeftSegments } from "./prediction-spool";

const LOOK_EVERY_MS = 2_000;
const LINES_A_BATCH = 500;
const DATABASE_MS = 30_000;
/** Beyond this the oldest segments are given up, with an error in the log: a full disk would end more than a log. */
const MOST_BYTES = 4 * 1024 ** 3;

/**
 * Unfolds spool lines into rows in the database, each line parsed once there, and adds what is new among them to the
 * counts of traffic: in one statement, so that a batch that comes again is counted once. Counts are taken in one order,
 * so that gateways wait for each other and never in a circle.
 */
const INSERT = `
with lines as materialized (select text::jsonb as line from unnest($1::text[]) as text),
failures as (
  insert into prediction_failures (request_id, project_id, model_id, model_version_id, deployment_id, environment,
                                   event_time, received_at, kind, reason)
  select (line->>'id')::uuid, (line->>'p')::uuid, (line->>'m')::uuid, (line->>'v')::uuid, (line->>'d')::uuid, line->>'e',
         to_timestamp((line->'x'->>'t')::double precision / 1000), to_timestamp((line->>'at')::double precision / 1000),
         line->'x'->>'k', line->'x'->>'r'
  from lines where line ? 'x'
  on conflict do nothing),
added as (
  insert into predictions (request_id, "row", project_id, model_id, model_version_id, deployment_id, environment, client_id,
                           event_time, received_at, inputs, outputs, latency_micros)
  select (line->>'id')::uuid, at - 1, (line->>'p')::uuid, (line->>'m')::uuid, (line->>'v')::uuid, (line->>'d')::uuid, line->>'e', line->>'c',
         to_timestamp((entry->>'t')::double precision / 1000), to_timestamp((line->>'at')::double precision / 1000),
         entry->'i', entry->'o', (line->>'us')::integer
  from lines, jsonb_array_elements(line->'rows') with ordinality as entries(entry, at)
  on conflict do nothing
  returning project_id, deployment_id, received_at, latency_micros)
insert into serving_traffic (hour, deployment_id, latency_class, project_id, rows)
select date_trunc('hour', received_at, 'UTC'), deployment_id, width_bucket(latency_micros, $2::integer[]), project_id, count(*)
from added
group by 1, 2, 3, 4
order by 1, 2, 3
on conflict (hour, deployment_id, latency_class) do update set rows = serving_traffic.rows + excluded.rows`;

/**
 * Carries closed segments to Postgres, oldest first, and removes each when it is there. A batch that was sent twice
 * changes nothing; a line that was cut off by a kill is left out.
 */
export class SpoolShipper {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isClosed = false;

  constructor(
    private readonly sql: postgres.Sql,
    private readonly folder: string,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.wake();
  }

  wake(): void {
    this.running ??= this.ship().finally(() => {
      this.running = null;
    });
  }

  /** Ships what is left, as far as Postgres answers within the time. */
  async close(withinMs: number): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await within(
      withinMs,
      (async () => {
        await this.running;
        await this.ship();
      })(),
    ).catch(() => undefined);
    this.isClosed = true;
  }

  private async ship(): Promise<void> {
    try {
      await adoptLeftSegments(this.folder);
      for (const name of await this.segments()) {
        if (this.isClosed) return;
        await this.shipSegment(path.join(this.folder, name));
      }
    } catch (error) {
      this.log.warn({ err: error }, "predictions wait in the spool");
      await this.giveUpOldest().catch((problem: unknown) =>
        this.log.error({ err: problem }, "the spool could not be trimmed"),
      );
    }
  }

  private async segments(): Promise<readonly string[]> {
    return (await readdir(this.folder)).filter((name) => name.endsWith(".jsonl")).sort();
  }

  private async shipSegment(file: string): Promise<void> {
    const lines = (await readFile(file, "utf8")).split("\n");
    const cut = lines.pop();
    if (cut) this.log.warn({ file }, "the last line of a segment was cut off and is left out");
    for (let start = 0; start < lines.length; start += LINES_A_BATCH) {
      await this.insert(lines.slice(start, start + LINES_A_BATCH));
    }
    await rm(file, { force: true });
  }

  private async insert(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    try {
      await within(DATABASE_MS, this.sql.unsafe(INSERT, [[...lines], [...LATENCY_BOUNDS]]));
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.setAside(lines);
    }
  }

  /** One damaged line must not hold up the others: halves are tried until it stands alone, then it is kept beside. */
  private async setAside(lines: readonly string[]): Promise<void> {
    if (lines.length > 1) {
      const middle = Math.floor(lines.length / 2);
      await this.insert(lines.slice(0, middle));
      await this.insert(lines.slice(middle));
      return;
    }
    this.log.error("a damaged line in the spool was set aside");
    await appendFile(path.join(this.folder, "damaged.txt"), `${lines.join("\n")}\n`, { mode: 0o600 });
  }

  private async giveUpOldest(): Promise<void> {
    const names = await this.segments();
    const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(this.folder, name))).size));
    let total = sizes.reduce((sum, size) => sum + size, 0);
    for (const [index, name] of names.entries()) {
      if (total <= MOST_BYTES) return;
      total -= sizes[index] ?? 0;
      await rm(path.join(this.folder, name), { force: true });
      this.log.error({ segment: name }, "the spool is full: a segment of predictions was given up");
    }
  }
}

/** SQLSTATE classes 22 and 23: the data is at fault, not the connection. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^2[23]/.test(String(error.code));
}
