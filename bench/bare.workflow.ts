import { proxyActivities } from "@temporalio/workflow";

const { nothing } = proxyActivities<{ nothing: () => Promise<void> }>({ startToCloseTimeout: "10 seconds" });

/** A chain of activities that do nothing: what Temporal itself costs a step. Answers milliseconds a step, by the workflow's clock. */
export async function bareChain(steps: number): Promise<number> {
  await nothing();
  const begun = Date.now();
  for (let step = 0; step < steps; step += 1) await nothing();
  return (Date.now() - begun) / steps;
}
