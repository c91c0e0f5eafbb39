import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { predictions, servingTraffic } from "@/db/schema/serving";
import { latencyClassOf } from "@/domain/serving/latency";
import { newId } from "../ids";
import { test } from "../testing/world";
import { SpoolShipper } from "./spool-shipper";

test("the counts of traffic grow with the predictions, and a batch that comes again is counted once", async ({
  world,
}) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-spool-"));
  const [deployment, model, version] = [newId(), newId(), newId()];
  const hour = Date.UTC(2030, 0, 1, 12);
  const line = (at: number, us: number, rows: number) =>
    JSON.stringify({
      id: newId(),
      p: world.project.id,
      m: model,
      v: version,
      d: deployment,
      e: "production",
      c: null,
      at,
      us,
      rows: Array.from({ length: rows }, () => ({ t: at, i: { wind: 1 }, o: { label: 1 } })),
    });
  const lines = [
    line(hour, 40, 1),
    line(hour + 3_599_999, 3_000, 2),
    line(hour + 1_000, 3_000, 1),
    line(hour + 3_600_000, 10 ** 9, 1),
  ];
  const ship = async (name: string, text: readonly string[]) => {
    await writeFile(path.join(folder, name), `${text.join("\n")}\n`);
    const shipper = new SpoolShipper(world.ctx.sql, folder, world.ctx.log);
    await shipper.close(10_000);
    expect(await readdir(folder)).toEqual([]);
  };
  await ship("1.jsonl", lines);
  await ship("2.jsonl", lines.slice(0, 3));
  await ship("3.jsonl", [line(hour, 40, 5)]);

  const counts = await world.db
    .select({ hour: servingTraffic.hour, latencyClass: servingTraffic.latencyClass, rows: servingTraffic.rows })
    .from(servingTraffic)
    .where(eq(servingTraffic.projectId, world.project.id))
    .orderBy(servingTraffic.hour, servingTraffic.latencyClass);
  expect(counts).toEqual([
    { hour: new Date(hour), latencyClass: latencyClassOf(40), rows: 6 },
    { hour: new Date(hour), latencyClass: latencyClassOf(3_000), rows: 3 },
    { hour: new Date(hour + 3_600_000), latencyClass: latencyClassOf(10 ** 9), rows: 1 },
  ]);
  const [stored] = await world.db
    .select({ rows: sql<number>`count(*)::int` })
    .from(predictions)
    .where(eq(predictions.deploymentId, deployment));
  expect(stored?.rows).toBe(10);
  await rm(folder, { recursive: true });
});
