import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures";

/** The page of one promotion, as a person uses it. */
export class PromotionPage {
  readonly sign: Locator;
  readonly giveBack: Locator;
  readonly withdraw: Locator;
  readonly signatures: Locator;

  constructor(readonly page: Page) {
    this.sign = page.getByRole("button", { name: "Review and sign" });
    this.giveBack = page.getByRole("button", { name: /^Return/ });
    this.withdraw = page.getByRole("button", { name: "Withdraw" });
    this.signatures = page.getByRole("region", { name: "Signatures" });
  }

  async open(project: string, number: number): Promise<void> {
    await this.page.goto(`/p/${project}/promotions/${number}`);
    await expect(this.signatures).toBeVisible();
  }

  /** Reads the statement, accepts what is inconclusive by name, signs. */
  async signFor(environment: string, words: { readonly comment: string }): Promise<void> {
    await this.sign.click();
    const dialog = this.page.getByRole("dialog");
    await expect(dialog.getByText("Evidence", { exact: true })).toBeVisible();
    for (const rule of await dialog.getByRole("checkbox").all()) await rule.check();
    await dialog.getByLabel("Comment").fill(words.comment);
    await dialog.getByRole("button", { name: `Sign for ${environment}` }).click();
    await expect(dialog).toBeHidden();
    await expect(this.signatures.getByText(words.comment)).toBeVisible();
  }

  /** The button is there, cannot be used, and says why. */
  async refuses(button: Locator, reason: RegExp): Promise<void> {
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(reason);
  }
}
