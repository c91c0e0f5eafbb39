import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "countersign-structure-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Checks a checkout that holds just these files. */
function check(files: Readonly<Record<string, string>>): { readonly code: number | null; readonly problems: string[] } {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const ran = spawnSync(process.execPath, [path.resolve("scripts/check-structure.mjs"), root], { encoding: "utf8" });
  return { code: ran.status, problems: ran.stderr.split("\n").filter((line) => line !== "") };
}

test("files of the vocabulary pass", () => {
  const checked = check({
    "domain/approvals/policy.ts": "",
    "server/approvals/record-sign-off.ts": "",
    "server/approvals/record-sign-off.int.test.ts": "",
    "workflows/approvals/approval.workflow.ts": "",
    "app/(app)/p/[project]/models/page.tsx": "",
    "db/schema/index.ts": "",
    "README.md": "See `domain/approvals/policy.ts`.",
  });
  expect(checked).toEqual({ code: 0, problems: [] });
});

test.each([
  ["a domain that nobody knows", { "server/billing/router.ts": "" }, '"billing" is neither a domain'],
  ["a name that is not kebab-case", { "components/ui/Button.tsx": "" }, "kebab-case"],
  ["a component among the pages", { "app/(app)/model-card.tsx": "" }, "routing files only"],
  ["a third barrel", { "domain/data/index.ts": "" }, "two barrels"],
  ["a long file", { "domain/data/types.ts": "\n".repeat(401) }, "401 lines"],
  ["a reader of the environment", { "server/data/queries.ts": "process.env.HOME" }, "reads process.env"],
  ["a lock file with addresses", { "package-lock.json": '"resolved": "https://example.test/a.tgz"' }, "addresses"],
  ["a document that cites nothing", { "docs/operate.md": "See `server/nowhere.ts`." }, "does not exist"],
])("refuses %s", (_title, files, problem) => {
  const { code, problems } = check(files);
  expect(code).toBe(1);
  expect(problems.join()).toContain(problem);
});
