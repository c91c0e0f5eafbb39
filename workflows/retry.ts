import type { RetryPolicy } from "@temporalio/common";

/** A wait outlives any outage: an activity of an approval or a promotion is retried without end. */
export const ENDLESS_RETRY: RetryPolicy = {
  initialInterval: "200 milliseconds",
  backoffCoefficient: 2,
  maximumInterval: "30 seconds",
  nonRetryableErrorTypes: ["AppError"],
};

/** Everything else gives up: about two minutes of trying. */
export const BOUNDED_RETRY: RetryPolicy = { ...ENDLESS_RETRY, maximumInterval: "15 seconds", maximumAttempts: 12 };
