import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures";

/** The page of one monitor, with its limits and their signatures, as a person uses it. */
export class MonitorPage {
  readonly thresholds: Locator;
  readonly signatures: Locator;
  readonly sign: Locator;
  readonly alerts: Locator;

  constructor(readonly page: Page) {
    this.thresholds = page.getByRole("region", { name: "Thresholds" });
    this.signatures = page.getByRole("region", { name: "Signatures" });
    this.sign = page.getByRole("button", { name: "Review and sign" });
    this.alerts = page.getByRole("table", { name: "Alerts" });
  }

  /** Sets one on production that looks every second; returns its number. */
  async create(project: string, limits: { readonly floor: string; readonly reason: string }): Promise<number> {
    await this.page.goto(`/p/${project}/monitors/new`);
    await this.page.getByLabel("Labels come after, days").fill("2");
    await this.page.getByLabel("Look every, seconds").fill("1");
    await this.page.getByLabel("Accuracy: floor").fill(limits.floor);
    await this.page.getByLabel(/^Reason/).fill(limits.reason);
    await this.page.getByRole("button", { name: "Set the monitor" }).click();
    await this.page.waitForURL(/\/monitors\/\d+$/);
    await expect(this.signatures).toBeVisible();
    return Number(this.page.url().split("/").at(-1));
  }

  async open(project: string, number: number): Promise<void> {
    await this.page.goto(`/p/${project}/monitors/${number}`);
    await expect(this.thresholds).toBeVisible();
  }

  async signLimits(comment: string): Promise<void> {
    await this.sign.click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel(/^Comment/).fill(comment);
    await dialog.getByRole("button", { name: "Sign", exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  async proposeOthers(limits: { readonly floor: string; readonly reason: string }): Promise<void> {
    await this.page.getByRole("button", { name: "Propose others" }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Accuracy: floor").fill(limits.floor);
    await dialog.getByLabel("Reason").fill(limits.reason);
    await dialog.getByRole("button", { name: "Propose", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(this.signatures).toBeVisible();
  }

  /** The button is there, cannot be used, and says why. */
  async refusesToSign(reason: RegExp): Promise<void> {
    await expect(this.sign).toBeDisabled();
    await expect(this.sign).toHaveAccessibleDescription(reason);
  }
}
