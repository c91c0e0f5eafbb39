import { DEPLOYMENTS_CHANNEL } from "@/domain/deployments/channel";
import type { ServiceContext } from "../context";
import { within } from "../serving/within";
import type { DeploymentSet } from "./deployment-set";
import { loadDesired, readSaved, saveDesired } from "./desired-deployments";
import { type Identity, removeReports, writeReports } from "./write-reports";

const EVERY_MS = 2_000;
const DATABASE_MS = 5_000;

/**
 * Keeps the set of deployments as Postgres wants it: at each NOTIFY, and every two seconds whatever happens. Without
 * Postgres the last list stands, also after a restart, from the folder.
 */
export class SyncLoop {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isWanted = false;
  private isListening = false;
  private isClosed = false;
  private lastSaved = "";
  private isAway = false;

  constructor(
    private readonly ctx: ServiceContext,
    private readonly parts: { readonly set: DeploymentSet; readonly identity: Identity; readonly folder: string },
  ) {}

  async start(): Promise<void> {
    const saved = await readSaved(this.parts.folder);
    if (saved) this.parts.set.apply(saved);
    this.wake();
  }

  /** Looks again now; calls during a look make one more. */
  wake(): void {
    if (this.isClosed) return;
    this.isWanted = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
    await within(DATABASE_MS, removeReports(this.ctx, this.parts.identity.instance)).catch(() => undefined);
  }

  private async run(): Promise<void> {
    while (this.isWanted && !this.isClosed) {
      this.isWanted = false;
      if (this.timer) clearTimeout(this.timer);
      await this.look();
      if (!this.isClosed) this.timer = setTimeout(() => this.wake(), EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    try {
      await this.listen();
      const list = await within(DATABASE_MS, loadDesired(this.ctx));
      this.parts.set.apply(list);
      await this.save(list);
      await within(DATABASE_MS, writeReports(this.ctx, this.parts.identity, this.parts.set.reports()));
      if (this.isAway) this.ctx.log.info("Postgres is back");
      this.isAway = false;
    } catch (error) {
      if (!this.isAway) this.ctx.log.warn({ err: error }, "Postgres does not answer; serving on with the last list");
      this.isAway = true;
    }
  }

  /** postgres.js listens again by itself after a lost connection; only the first time can fail here. */
  private async listen(): Promise<void> {
    if (this.isListening) return;
    await within(
      DATABASE_MS,
      this.ctx.sql.listen(
        DEPLOYMENTS_CHANNEL,
        () => this.wake(),
        () => this.wake(),
      ),
    );
    this.isListening = true;
  }

  private async save(list: Awaited<ReturnType<typeof loadDesired>>): Promise<void> {
    const text = JSON.stringify(list);
    if (text === this.lastSaved) return;
    await saveDesired(this.parts.folder, list);
    this.lastSaved = text;
  }
}
