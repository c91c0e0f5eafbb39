import os from "node:os";
import { DefaultLogger, Runtime } from "@temporalio/worker";
import { benchJoin, joinLine } from "./features";
import { benchGateway, GATEWAY_AIM } from "./gateway";
import { benchLineage, lineageLine } from "./lineage";
import { benchMonitoring, checkLine, labelsLine } from "./monitoring";
import { benchPages, PAGES_AIM } from "./pages";
import { personIn, projectIdOf, readDemonstration } from "./people";
import { benchSteps, stepsLine } from "./steps";

/** Prints the figures of the running product, with a line about the machine on which they were measured. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger("ERROR") });
  const demo = readDemonstration();
  const engineer = personIn(demo, "R6");
  console.log(machineLine());
  console.log(
    stepsLine(await benchSteps({ ...demo, token: engineer.token, projectId: await projectIdOf(demo, engineer.token) })),
  );
  for (const load of await benchGateway({ ...demo, token: personIn(demo, "R5").token })) {
    const aim =
      load.connections === 1
        ? ""
        : ` (aim ${GATEWAY_AIM.perSecond}/s and ${GATEWAY_AIM.p99} ms, floor ${GATEWAY_AIM.floorPerSecond}/s and ${GATEWAY_AIM.floorP99} ms)`;
    console.log(
      `gateway, ${load.connections} connection${load.connections === 1 ? "" : "s"}: ${load.perSecond.toFixed(0)} requests/s, p50 ${load.p50.toFixed(1)} ms, p99 ${load.p99.toFixed(1)} ms, ${load.failed} failed${aim}`,
    );
  }
  console.log(joinLine(await benchJoin()));
  console.log(lineageLine(await benchLineage(await projectIdOf(demo, engineer.token))));
  const monitoring = await benchMonitoring();
  console.log(checkLine(monitoring));
  console.log(labelsLine(monitoring));
  for (const { page, p50, p95, bytes } of await benchPages(demo)) {
    console.log(
      `page ${page}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${(bytes / 1024).toFixed(0)} KB (aim p95 ${PAGES_AIM.p95} ms, floor ${PAGES_AIM.floor} ms)`,
    );
  }
}

function machineLine(): string {
  const [first] = os.cpus();
  return `machine: ${os.availableParallelism()} cores, ${first?.model ?? "unknown"}, ${(os.totalmem() / 1024 ** 3).toFixed(0)} GB, ${os.type()} ${os.release()}, Node ${process.versions.node}`;
}

await main();
