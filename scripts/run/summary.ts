import { isProcessRole, ROLE_NAMES } from "@/domain/identity/roles";
import { IS_ROOT } from "../system/platform-folders";
import type { DemoRecord } from "./demo-record";
import type { Stack } from "./stack";

/** What a person needs to know after everything has started, line by line. */
export function addressLines(stack: Stack): string[] {
  const steps = IS_ROOT
    ? "Pipeline steps run as an account without rights; the local executor is still no sandbox."
    : "Pipeline steps run as you and can read what you can read; the local executor is no sandbox.";
  return [
    "",
    `Countersign      ${stack.url}`,
    `Model gateway    ${stack.gatewayUrl}`,
    `Temporal         ${stack.temporalUiUrl ?? `${stack.temporalAddress} (not started here)`}`,
    `Data and logs    ${stack.folder.path}`,
    "",
    steps,
  ];
}

/** The sign-ins of the demonstration; the passwords are random and stand in demo.json as well. */
export function signInLines(record: DemoRecord, file: string): string[] {
  const rows = record.users.map((user) => [
    isProcessRole(user.role) ? `${user.role} ${ROLE_NAMES[user.role]}` : "administrator",
    user.name,
    user.email,
    user.password,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "));
  return [
    "",
    "Sign in as one of these:",
    ...lines.map((line) => `  ${line}`),
    "",
    `These, with a token for each, are kept in ${file}.`,
  ];
}
