import { and, desc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { modelEvaluations } from "@/db/schema/registry";
import { greatestDifference, SMOKE_TOLERANCE } from "@/domain/deployments/policy";
import type { Evaluation } from "@/domain/registry/types";
import type { ServiceContext } from "../context";
import { askGateway } from "./gateway-client";
import type { GatewayReadiness } from "./readiness";

export type SmokeResult = { readonly rows: number; readonly greatestDifference: number; readonly error: string | null };

/** The rows with recorded answers from the platform's newest evaluation of a file. */
async function recordedRows(db: Executor, projectId: string, onnxSha256: string): Promise<Evaluation["smoke"]> {
  const [row] = await db
    .select({ result: modelEvaluations.result })
    .from(modelEvaluations)
    .where(and(eq(modelEvaluations.projectId, projectId), eq(modelEvaluations.onnxSha256, onnxSha256)))
    .orderBy(desc(modelEvaluations.createdAt))
    .limit(1);
  return row?.result.smoke ?? [];
}

/**
 * Asks each live gateway for the recorded rows and compares: every answer must lie within 1e-5 of the recorded one.
 * A difference that is not finite is stored as the tolerance's breach in `error`.
 */
export async function smokeTest(
  ctx: ServiceContext,
  deployment: { readonly id: string; readonly projectId: string; readonly digest: string },
  gateways: readonly GatewayReadiness[],
): Promise<SmokeResult> {
  const recorded = await recordedRows(ctx.db, deployment.projectId, deployment.digest);
  if (recorded.length === 0)
    return { rows: 0, greatestDifference: 0, error: "The platform's evaluation recorded no rows to ask for." };
  let greatest = 0;
  for (const gateway of gateways) {
    const answers = await askGateway(ctx, {
      address: gateway.address,
      deploymentId: deployment.id,
      rows: recorded.map(({ inputs }) => inputs),
    });
    if ("error" in answers)
      return {
        rows: recorded.length,
        greatestDifference: greatest,
        error: `Gateway ${gateway.instance}: ${answers.error}`,
      };
    for (const [index, row] of recorded.entries()) {
      const difference = greatestDifference(row.outputs, answers.outputs[index] ?? {});
      if (!Number.isFinite(difference)) {
        return {
          rows: recorded.length,
          greatestDifference: greatest,
          error: `Gateway ${gateway.instance} gave row ${index + 1} other outputs than the evaluation recorded.`,
        };
      }
      greatest = Math.max(greatest, difference);
    }
  }
  const error =
    greatest > SMOKE_TOLERANCE
      ? `An answer differs by ${greatest.toExponential(1)} from the recorded one; ${SMOKE_TOLERANCE} is allowed.`
      : null;
  return { rows: recorded.length, greatestDifference: greatest, error };
}
