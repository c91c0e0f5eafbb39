import { AppError } from "@/domain/errors";

const MAX_KEY = 250;
const MAX_VALUE = 100_000;

/** Tags of models and versions take any key; their values may hold a whole prompt. */
export function checkTag(tag: { readonly key: string; readonly value: string }): void {
  if (tag.key.length > MAX_KEY)
    throw new AppError("invalid_input", "tag_key", `'key' exceeds the maximum length of ${MAX_KEY} characters`);
  if (tag.value.length > MAX_VALUE)
    throw new AppError("invalid_input", "tag_value", `'value' exceeds the maximum length of ${MAX_VALUE} characters`);
}
