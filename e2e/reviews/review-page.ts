import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures";

/** The page of one review, as a person uses it. */
export class ReviewPage {
  readonly finish: Locator;
  readonly verdicts: Locator;
  readonly blocks: Locator;

  constructor(readonly page: Page) {
    this.finish = page.getByRole("button", { name: "Finish my review" });
    this.verdicts = page.getByRole("region", { name: "Verdicts" });
    this.blocks = page.getByRole("region", { name: "What it blocks" });
  }

  /** The slices are there when the evidence is frozen. */
  async open(project: string, number: number): Promise<void> {
    await this.page.goto(`/p/${project}/reviews/${number}`);
    await expect(this.page.getByRole("table", { name: "Slices" })).toBeVisible({ timeout: 60_000 });
  }

  /** Opens one for a version on its page; returns its number. */
  async openFor(version: { slug: string; model: string; version: number }, wish: string): Promise<number> {
    await this.page.goto(`/p/${version.slug}/models/${version.model}/${version.version}`);
    await this.page.getByRole("button", { name: "Open a review" }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel(/^What should people look at/).fill(wish);
    await dialog.getByRole("button", { name: "Open review" }).click();
    await this.page.waitForURL(/\/reviews\/\d+$/);
    await expect(this.page.getByRole("table", { name: "Slices" })).toBeVisible({ timeout: 60_000 });
    return Number(this.page.url().split("/").at(-1));
  }

  async answer(text: string, reply: string): Promise<void> {
    const thread = this.thread(text);
    await thread.getByRole("button", { name: "Reply" }).click();
    await thread.getByLabel("Your answer").fill(reply);
    await thread.getByRole("button", { name: "Send answer" }).click();
    // The box itself holds the text as well, so only its leaving says that the answer arrived.
    await expect(thread.getByLabel("Your answer")).toBeHidden();
    await expect(thread).toContainText(reply);
  }

  async resolve(text: string): Promise<void> {
    await this.thread(text).getByRole("button", { name: "Resolve" }).click();
    await expect(this.thread(text)).toContainText("Resolved");
  }

  thread(text: string): Locator {
    return this.page.getByRole("article").filter({ hasText: text });
  }

  /** A thread on a slice: its value is quoted. */
  async comment(slice: string, text: string): Promise<void> {
    await this.page.getByRole("button", { name: new RegExp(`^Comment on ${slice}`) }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Comment").fill(text);
    await dialog.getByRole("button", { name: "Open thread" }).click();
    await expect(dialog).toBeHidden();
    await expect(this.thread(text)).toBeVisible();
  }

  async approve(comment: string): Promise<void> {
    await this.finish.click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel(/^Comment/).fill(comment);
    await dialog.getByRole("button", { name: "Approve" }).click();
    await expect(dialog).toBeHidden();
  }

  async requestChanges(reasons: string): Promise<void> {
    await this.finish.click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /^Request changes/ }).check();
    await expect(dialog.getByRole("button", { name: "Request changes" })).toBeDisabled();
    await dialog.getByLabel("Reasons").fill(reasons);
    await dialog.getByRole("button", { name: "Request changes" }).click();
    await expect(dialog).toBeHidden();
  }
}
