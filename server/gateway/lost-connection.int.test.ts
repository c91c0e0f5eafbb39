import { expect } from "vitest";
import { connect } from "@/db/client";
import { openTcpProxy } from "../testing/tcp-proxy";
import { test } from "../testing/world";

const patient = { timeout: 10_000, interval: 50 };

test("a connection that is lost rejects its queries, ends no process, and the same pool answers when the server is back", async ({
  world,
}) => {
  const direct = new URL(world.ctx.config.databaseUrl);
  const proxy = await openTcpProxy({ host: direct.hostname, port: Number(direct.port) });
  const through = new URL(direct);
  through.port = String(proxy.port);
  const { sql, close } = connect(through.href, { max: 1 });
  try {
    const inside = sql.begin(async (tx) => {
      await tx`select 1`;
      await proxy.cut();
      // Short enough to be sent by a timer of the driver, which runs after the connection has gone.
      const lost = await Promise.allSettled([tx`select 2`, tx`select 3`]);
      expect(lost.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
      await tx`select 4`;
    });
    await expect(inside).rejects.toThrow(/CONNECTION_/);
    await proxy.mend();
    const answers = async () => {
      try {
        const [row] = await sql<{ five: number }[]>`select 5 as five`;
        return row?.five;
      } catch {
        return null;
      }
    };
    await expect.poll(answers, patient).toBe(5);
  } finally {
    await close();
    await proxy.cut();
  }
});
