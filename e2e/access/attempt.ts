import type { Page } from "@playwright/test";

export type Refusal = { readonly code: string; readonly reason: string | null; readonly message: string };

type Answer = {
  readonly error?: {
    readonly json: {
      readonly message: string;
      readonly data: { readonly code: string; readonly reason: string | null };
    };
  };
};

/** What a person tries whose button is disabled: the call itself, in their browser's session. Null where it was not refused. */
export async function attempt(page: Page, procedure: string, input: object): Promise<Refusal | null> {
  const response = await page.request.post(`/api/trpc/${procedure}`, {
    headers: { origin: new URL(page.url()).origin },
    data: { json: input },
  });
  const { error } = (await response.json()) as Answer;
  return error ? { code: error.json.data.code, reason: error.json.data.reason, message: error.json.message } : null;
}
