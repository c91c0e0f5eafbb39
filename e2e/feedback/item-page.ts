import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures";

/** The page of one feedback item, as a person uses it. */
export class ItemPage {
  readonly accept: Locator;
  readonly retraining: Locator;
  readonly way: Locator;

  constructor(readonly page: Page) {
    this.accept = page.getByRole("button", { name: "Accept" });
    this.retraining = page.getByRole("region", { name: "Retraining" });
    this.way = page.getByRole("list", { name: "From the alert to production" });
  }

  async acceptFor(words: string): Promise<void> {
    await this.accept.click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel(/^What you will do/).fill(words);
    await dialog.getByRole("button", { name: "Accept" }).click();
    await expect(dialog).toBeHidden();
  }

  /** The button is there, cannot be used, and says why. */
  async refusesToAccept(reason: RegExp): Promise<void> {
    await expect(this.accept).toBeDisabled();
    await expect(this.accept).toHaveAccessibleDescription(reason);
  }
}
