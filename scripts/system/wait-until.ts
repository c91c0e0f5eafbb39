import { setTimeout as delay } from "node:timers/promises";

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 250;

/** Asks again and again until the answer is true; throws the given sentence when the time is over. */
export async function waitUntil(
  isTrue: () => Promise<boolean> | boolean,
  limits: { readonly withinMs: number; readonly otherwise: string },
): Promise<void> {
  const deadline = Date.now() + limits.withinMs;
  let pause = FIRST_PAUSE_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(limits.otherwise);
    await delay(pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  }
}
