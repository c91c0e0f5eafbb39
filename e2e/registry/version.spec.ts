import { expect, test } from "../fixtures";
import { personIn } from "../people";

test("a version shows its contract, its files and where it came from", async ({ as, demo }) => {
  const page = await as("R3");
  await page.goto(`/p/${demo.project}/models`);
  await page.getByRole("table", { name: "Models" }).getByRole("link", { name: demo.model }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(demo.model);
  await page.getByRole("link", { name: "v1", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${demo.model} v1`);
  await expect(page.getByRole("region", { name: "Contract" })).toContainText("FP32");
  const origin = page.getByRole("region", { name: "Where it came from" });
  await expect(origin).toContainText("Experiment run");

  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download model.onnx" }).click();
  expect((await waiting).suggestedFilename()).toBe("model.onnx");

  await origin.getByRole("listitem").filter({ hasText: "Experiment run" }).getByRole("link").click();
  await expect(page.getByRole("region", { name: "Parameters" })).toBeVisible();
});

test("who may not propose sees why", async ({ as, demo }) => {
  const stakeholder = await as("R1");
  await stakeholder.goto(`/p/${demo.project}/models/${demo.model}/1`);
  const button = stakeholder.getByRole("button", { name: "Propose promotion" });
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription(/needs the role/);
});

test("the MLflow protocol cannot move the alias production: it names the promotion to open", async ({ demo }) => {
  const { token } = personIn(demo, "R7");
  const answer = await fetch(`${demo.url}/api/2.0/mlflow/registered-models/alias`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: demo.model, alias: "production", version: "1" }),
  });
  const body = (await answer.json()) as { error_code: string; message: string };
  expect([answer.status, body.error_code]).toEqual([403, "PERMISSION_DENIED"]);
  expect(body.message).toContain("Open a promotion:");
});
