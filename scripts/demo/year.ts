import type { Report } from "../run/report";
import { isOnline } from "./features";
import { answer } from "./feedback";
import type { Progress } from "./progress";
import { as, type Place, until } from "./release";
import { predictDays, type ReplayTarget, readDays, sendLabels, shareRight } from "./replay";
import { judged } from "./watch";
import { importWeather } from "./weather";

export type Scene = {
  readonly place: Place;
  readonly step: Progress;
  readonly report: Report;
  readonly target: ReplayTarget;
  /** Number of the monitor whose schedule judges each quarter. */
  readonly monitor: number;
};

export type Quarter = { readonly name: string; readonly from: string; readonly to: string };

export const QUARTERS_OF_2013: readonly Quarter[] = [
  { name: "first quarter of 2013", from: "2013-01-01", to: "2013-04-01" },
  { name: "second quarter of 2013", from: "2013-04-01", to: "2013-07-01" },
  { name: "third quarter of 2013", from: "2013-07-01", to: "2013-10-01" },
  { name: "fourth quarter of 2013", from: "2013-10-01", to: "2014-01-01" },
];
export const FIRST_QUARTER_OF_2014: Quarter = { name: "first quarter of 2014", from: "2014-01-01", to: "2014-04-01" };

const percent = (share: number | null) => (share === null ? "no value" : `${(100 * share).toFixed(1)} %`);

/** A quarter passes: each day is asked for, its truth follows two days later, and the schedule's check judges it. */
export async function liveThrough({ place, step, report, target, monitor }: Scene, quarter: Quarter): Promise<void> {
  const { from, to, name } = quarter;
  const figures = await step(
    `replay-${from}`,
    `Tomás asks for each day of the ${name}; the truth follows`,
    async () => {
      const answered = await predictDays(target, await readDays(from, to));
      await sendLabels(target, answered);
      return { days: answered.length, share: shareRight(answered) };
    },
  );
  const check = await step(`check-${from}`, "The schedule's check judges the quarter", () =>
    judged(place, monitor, from),
  );
  report.line(
    `      ${figures.days} days, ${percent(figures.share)} called right; the check measured ${percent(check.value)} on ${check.rows} days: ${check.verdict}`,
  );
}

/** What was measured until the quarter's end becomes a new version of the dataset, and its newest values go online. */
export async function takeIn({ place, step, target }: Scene, { to, name }: Quarter): Promise<void> {
  const engineer = { url: target.url, projectId: place.projectId, token: tokenOf(place) };
  const { version } = await step(
    `import-${to}`,
    `Ravi imports the weather up to the ${name} and runs the checks`,
    async () => {
      const imported = await importWeather(engineer, { dataset: "training", filter: `date < '${to}'` });
      await as(place, "R4").data.validate.mutate({ projectId: place.projectId, datasetVersionId: imported.id });
      return { version: imported.version };
    },
  );
  await step(`online-${to}`, "Their newest values go online by themselves", () => isOnline(place, version));
}

function tokenOf(place: Place): string {
  return place.accounts.find((account) => account.role === "R4")?.token ?? "";
}

/** A request for data, sent by hand from the analysis to data engineering, accepted there and answered by a version. */
export async function requestData({ place, step }: Scene): Promise<void> {
  const { projectId } = place;
  const number = await step("request-data", "Ada asks Ravi for the weather of 2013 as it comes (F1)", async () => {
    const api = as(place, "R3");
    const known = (await api.feedback.list.query({ projectId, kind: ["F1"] })).items[0];
    const item =
      known ??
      (await api.feedback.create.mutate({
        projectId,
        kind: "F1",
        title: "Weather of 2013, a quarter at a time",
        body: "A year of one winter says little about the next. Please import each quarter when it is over.",
      }));
    return item.number;
  });
  await step("accept-data", "Ravi accepts", () =>
    answer(place, { role: "R4", number, comment: "Each quarter, then." }),
  );
}

/** Closes the data request with the version that answered it. */
export async function closeRequest({ place, step }: Scene): Promise<void> {
  const { projectId } = place;
  await step("close-request", "Ravi closes the request with the version of September", async () => {
    const api = as(place, "R4");
    const dataset = await api.data.byName.query({ projectId, name: "seattle-weather" });
    const [newest] = dataset.versions;
    const [item] = (await api.feedback.list.query({ projectId, kind: ["F1"], state: ["accepted"] })).items;
    if (!newest || !item) return;
    await api.feedback.complete.mutate({
      projectId,
      itemId: item.id,
      resolution: { kind: "dataset_version", id: newest.id },
      comment: "All days up to the end of September 2013.",
    });
  });
}

/** Waits until the alert of the monitor is in the given state; returns its number. */
export async function alertIs({ place, monitor }: Scene, state: "firing" | "resolved"): Promise<number> {
  const { projectId } = place;
  return until(`the alert to be ${state}`, async () => {
    const { alerts } = await as(place, "R7").monitoring.get.query({ projectId, number: monitor });
    return alerts.find((alert) => alert.state === state)?.number ?? null;
  });
}
