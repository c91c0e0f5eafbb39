import { expect, test } from "../fixtures";
import { type Demonstration, personIn } from "../people";

/** Two runs of their own, logged as a script does, in an experiment that nobody else uses. */
async function logRuns(demo: Demonstration, experiment: string): Promise<readonly string[]> {
  const { token } = personIn(demo, "R3");
  const call = async (path: string, body: unknown) => {
    const answer = await fetch(`${demo.url}/api/2.0/mlflow/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status, path).toBe(200);
    return answer.json();
  };
  const { experiment_id } = await call("experiments/create", { name: experiment });
  const ids: string[] = [];
  for (const [name, value] of [
    ["patient-wren", 0.8],
    ["brave-otter", 0.6],
  ] as const) {
    const { run } = await call("runs/create", { experiment_id, run_name: name, start_time: Date.now() });
    const { run_id } = run.info;
    const metrics = [0, 1, 2].map((step) => ({ key: "accuracy", value: value + step / 100, step, timestamp: step }));
    const params = [
      { key: "penalty", value: "l2" },
      { key: "C", value: String(value) },
    ];
    await call("runs/log-batch", { run_id, metrics, params });
    await call("runs/update", { run_id, status: "FINISHED", end_time: Date.now() });
    ids.push(run_id);
  }
  return ids;
}

test("runs are filtered, sorted and compared; the address keeps it all", async ({ as, demo }) => {
  const experiment = `compare ${Date.now()}`;
  const [first = ""] = await logRuns(demo, experiment);
  const page = await as("R3");
  await page.goto(`/p/${demo.project}/experiments/${encodeURIComponent(experiment)}`);
  const table = page.getByRole("table", { name: `Runs of ${experiment}` });
  await expect(table.getByRole("row")).toHaveCount(4);

  await table.getByRole("button", { name: "accuracy" }).click();
  await expect(page).toHaveURL(/sort=metrics\.accuracy/);
  await expect(table.getByRole("row").nth(2)).toContainText("patient-wren");

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Value").fill("0.7");
  await page.getByRole("button", { name: "Add filter" }).click();
  await expect(table.getByRole("row")).toHaveCount(3);
  await page.reload();
  await expect(table.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(table.getByRole("row")).toHaveCount(4);

  await table.getByRole("checkbox", { name: "Select patient-wren" }).check();
  await expect(page.getByRole("button", { name: "Compare" })).toHaveAccessibleDescription(/at least two/);
  await table.getByRole("checkbox", { name: "Select brave-otter" }).check();
  await page.getByRole("link", { name: "Compare" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Compare 2 runs");
  await expect(page.getByRole("table", { name: "Parameters" }).getByRole("row").nth(1)).toContainText("C");

  // The link that the client prints after a run.
  await page.goto(`/#/experiments/0/runs/${first}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("patient-wren");
});

test("a run is deleted and restored by whoever made it, and by nobody else", async ({ as, demo }) => {
  const [run = ""] = await logRuns(demo, `delete ${Date.now()}`);
  const path = `/p/${demo.project}/experiments/runs/${run}`;
  const engineer = await as("R7");
  await engineer.goto(path);
  const refused = engineer.getByRole("button", { name: "Delete run" });
  await expect(refused).toBeDisabled();
  await expect(refused).toHaveAccessibleDescription(/only what you made/);

  const scientist = await as("R3");
  await scientist.goto(path);
  await scientist.getByRole("button", { name: "Delete run" }).click();
  await scientist.getByRole("dialog").getByRole("button", { name: "Delete run" }).click();
  await scientist.getByRole("button", { name: "Restore run" }).click();
  await expect(scientist.getByRole("button", { name: "Delete run" })).toBeEnabled();
});

test("the dialogue's token logs a run; a stakeholder may not make one", async ({ as, demo }) => {
  const page = await as("R3");
  await page.goto(`/p/${demo.project}/experiments`);
  await page.getByRole("button", { name: "Log from Python" }).click();
  await page.getByLabel("Name of the token").fill("browser test");
  await page.getByRole("button", { name: "Make token and show the lines" }).click();
  const lines = await page.getByText("MLFLOW_TRACKING_TOKEN=").textContent();
  const token = /MLFLOW_TRACKING_TOKEN=(\S+)/.exec(lines ?? "")?.[1] ?? "";
  const answer = await fetch(`${demo.url}/api/2.0/mlflow/experiments/get?experiment_id=0`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);

  const stakeholder = await as("R1");
  await stakeholder.goto(`/p/${demo.project}/experiments`);
  const button = stakeholder.getByRole("button", { name: "Log from Python" }).first();
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription(/needs the role/);
});
