import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Client, Connection } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils";

/**
 * Writes histories of real runs into `workflows/histories`, where the replay test reads them:
 * `tsx workflows/testing/export-histories.ts <name>=<workflow id> …`, with TEMPORAL_ADDRESS where it is not the default.
 * The name starts with the workflow's own, such as `pipelineRunWorkflow.cancelled`.
 */
async function main(pairs: readonly string[]): Promise<void> {
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS ?? "127.0.0.1:7233" });
  const client = new Client({ connection });
  for (const pair of pairs) {
    const [name = "", workflowId = ""] = pair.split("=");
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    const text = JSON.stringify(JSON.parse(historyToJSON(history)), withoutMachine, 1);
    await writeFile(path.resolve("workflows/histories", `${name}.json`), `${text}\n`);
  }
  await connection.close();
}

/** Names of processes and machines, such as "123@host-…" for a sticky queue, do not belong into a repository. */
function withoutMachine(key: string, value: unknown): unknown {
  const isMachine = key === "identity" || (typeof value === "string" && /^\d+@/.test(value));
  return isMachine ? "worker" : value;
}

await main(process.argv.slice(2));
