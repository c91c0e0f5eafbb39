import { z } from "zod";
import { type Demonstration, personIn, projectIdOf, query, signIn } from "./people";

const promotionsShape = z.object({ promotions: z.array(z.object({ number: z.number() })) });

/** Milliseconds from sending the request to the last byte of the page. */
export type PageFigures = { readonly page: string; readonly p50: number; readonly p95: number; readonly bytes: number };

export const PAGES_AIM = { p95: 150, floor: 300 } as const;

const WARM_UP = 10;
const TIMES = 100;
const RUNS = 500;
const METRICS = 10;
const AT_ONCE = 8;

/** Home, the runs table of an experiment with 500 runs, and a promotion with its evidence, one after another. */
export async function benchPages(demo: Demonstration): Promise<readonly PageFigures[]> {
  const scientist = personIn(demo, "R3");
  const experiment = await fillExperiment(demo, scientist.token);
  const cookie = await signIn(demo.url, scientist);
  const project = `/p/${demo.project}`;
  const pages = [
    { page: "home", path: "/" },
    { page: `runs table (${RUNS} runs)`, path: `${project}/experiments/${experiment}` },
    { page: "promotion", path: `${project}/promotions/${await lastPromotion(demo, scientist.token)}` },
  ];
  const figures: PageFigures[] = [];
  for (const { page, path } of pages) figures.push({ page, ...(await timePage(`${demo.url}${path}`, cookie)) });
  return figures;
}

async function timePage(url: string, cookie: string): Promise<Omit<PageFigures, "page">> {
  const times: number[] = [];
  let bytes = 0;
  for (let index = 0; index < WARM_UP + TIMES; index += 1) {
    const begun = performance.now();
    const answer = await fetch(url, { headers: { cookie }, redirect: "manual" });
    bytes = (await answer.arrayBuffer()).byteLength;
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}.`);
    if (index >= WARM_UP) times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), bytes };
}

/** Logs runs by MLflow's protocol, as a training script does, into an experiment whose name is returned. */
async function fillExperiment(demo: Demonstration, token: string): Promise<string> {
  const call = async (path: string, body: unknown) => {
    const answer = await fetch(`${demo.url}/api/2.0/mlflow/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const name = `bench-${Date.now()}`;
  const { experiment_id } = (await call("experiments/create", { name })) as {
    readonly experiment_id: string;
  };
  const logRun = async (index: number) => {
    const start_time = Date.now();
    const { run } = (await call("runs/create", { experiment_id, run_name: `run-${index}`, start_time })) as {
      readonly run: { readonly info: { readonly run_id: string } };
    };
    const { run_id } = run.info;
    const metrics = Array.from({ length: METRICS }, (_, metric) => ({
      key: `metric_${metric}`,
      value: Math.sin(index * METRICS + metric),
      timestamp: start_time,
      step: 0,
    }));
    await call("runs/log-batch", { run_id, metrics, params: [{ key: "index", value: String(index) }], tags: [] });
    await call("runs/update", { run_id, status: "FINISHED", end_time: Date.now() });
  };
  const waiting = Array.from({ length: RUNS }, (_, index) => index).values();
  const lane = async () => {
    for (const index of waiting) await logRun(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return name;
}

/** The number of the newest promotion, as the list shows it. */
async function lastPromotion(demo: Demonstration, token: string): Promise<number> {
  const projectId = await projectIdOf(demo, token);
  const { promotions } = promotionsShape.parse(await query(demo, token, "promotions.list", { projectId }));
  const [newest] = promotions;
  if (!newest) throw new Error("The demonstration left no promotion.");
  return newest.number;
}
