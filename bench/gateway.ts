import autocannon from "autocannon";

/** A running gateway with a model in production, and a token that may predict there. */
export type GatewayPlace = { readonly gatewayUrl: string; readonly token: string; readonly model: string };

/** Requests per second over the whole run; latencies in milliseconds from sending to the last byte of the answer. */
export type LoadFigures = {
  readonly connections: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
};

export const GATEWAY_AIM = { perSecond: 4_000, p99: 30, floorPerSecond: 2_000, floorP99: 60 } as const;

const WARM_UP_SECONDS = 3;
const SECONDS = 10;

/** One row a request, as the Open Inference Protocol has it, with the prediction log on as always: at 1 and at 64 connections. */
export async function benchGateway(place: GatewayPlace, seconds = SECONDS): Promise<readonly LoadFigures[]> {
  const body = await oneRow(place);
  await load(place, body, { connections: 64, seconds: WARM_UP_SECONDS });
  return [await load(place, body, { connections: 1, seconds }), await load(place, body, { connections: 64, seconds })];
}

/** A request of one row in the model's own columns. */
async function oneRow(place: GatewayPlace): Promise<string> {
  const answer = await fetch(`${place.gatewayUrl}/v2/models/${place.model}`, {
    headers: { authorization: `Bearer ${place.token}` },
  });
  if (!answer.ok) throw new Error(`The gateway answered ${answer.status}: ${await answer.text()}`);
  const { inputs } = (await answer.json()) as {
    readonly inputs: readonly { readonly name: string; readonly datatype: string }[];
  };
  return JSON.stringify({
    inputs: inputs.map(({ name, datatype }) => ({
      name,
      shape: [1],
      datatype,
      data: [datatype === "BYTES" ? "a" : datatype === "BOOL" ? true : 1],
    })),
  });
}

async function load(
  place: GatewayPlace,
  body: string,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<LoadFigures> {
  const times: number[] = [];
  const options = {
    url: `${place.gatewayUrl}/v2/models/${place.model}/infer`,
    method: "POST" as const,
    headers: { authorization: `Bearer ${place.token}`, "content-type": "application/json" },
    body,
    connections,
    duration: seconds,
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error: Error | null, ended: autocannon.Result) =>
      error ? reject(error) : resolve(ended),
    );
    run.on("response", (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  });
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return {
    connections,
    perSecond: times.length / result.duration,
    p50: at(0.5),
    p99: at(0.99),
    failed: result.non2xx + result.errors + result.timeouts,
  };
}
