import { z } from "zod";
import type { ServiceContext } from "../context";

type Value = number | string | boolean;
type Row = Readonly<Record<string, Value>>;
type RowOutputs = Readonly<Record<string, readonly number[]>>;
export type GatewayAnswer = { readonly outputs: readonly RowOutputs[] } | { readonly error: string };

const ANSWER_MS = 10_000;

const answerShape = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.number().int()),
      data: z.array(z.union([z.number(), z.string(), z.boolean()])),
    }),
  ),
});

const DATATYPES: Readonly<Record<string, string>> = { number: "FP64", boolean: "BOOL", string: "BYTES" };

/** One tensor a column, as the Open Inference Protocol has them. */
function inferBody(rows: readonly Row[]) {
  const columns = Object.entries(rows[0] ?? {});
  return {
    inputs: columns.map(([name, value]) => ({
      name,
      shape: [rows.length],
      datatype: DATATYPES[typeof value] ?? "FP64",
      data: rows.map((row) => row[name]),
    })),
  };
}

/** Values per row of each output; what is not a number becomes NaN, which no comparison lets through. */
function rowsOf(answer: z.infer<typeof answerShape>, count: number): readonly RowOutputs[] {
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(
      answer.outputs.map(({ name, data }) => {
        const width = data.length / count;
        return [
          name,
          data
            .slice(row * width, (row + 1) * width)
            .map((value) => (typeof value === "string" ? Number.NaN : Number(value))),
        ];
      }),
    ),
  );
}

/** Asks one gateway for a deployment that may have no traffic yet. Whatever goes wrong is a sentence, not an exception. */
export async function askGateway(
  ctx: Pick<ServiceContext, "config">,
  question: { readonly address: string; readonly deploymentId: string; readonly rows: readonly Row[] },
): Promise<GatewayAnswer> {
  const { address, deploymentId, rows } = question;
  try {
    const response = await fetch(`${address}/internal/deployments/${deploymentId}/infer`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${ctx.config.internalSecret}` },
      body: JSON.stringify(inferBody(rows)),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    if (!response.ok) return { error: `it answered ${response.status}: ${text.slice(0, 300)}` };
    const parsed = answerShape.safeParse(JSON.parse(text));
    return parsed.success
      ? { outputs: rowsOf(parsed.data, rows.length) }
      : { error: "its answer has another shape than the protocol's." };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
