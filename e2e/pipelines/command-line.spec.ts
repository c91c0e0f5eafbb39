import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "../fixtures";
import { makeShell } from "./command-line";
import { makeProject } from "./own-project";

const PEOPLE = { devops: ["R6"], scientist: ["R3"] } as const;

/** Processes of this machine whose command line holds the text. */
function processesWith(text: string): number {
  const lines = execFileSync("ps", ["-A", "-o", "command="], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }).split(
    "\n",
  );
  return lines.filter((line) => line.trim().startsWith(`sleep ${text}`)).length;
}

test.describe.configure({ timeout: 120_000 });

test("a pipeline that the product does not know is pushed, run, run again and read from the command line", async ({
  demo,
}) => {
  const project = await makeProject(demo, "Branches", PEOPLE);
  const shell = makeShell(demo, project.people.devops.token);
  const pushed = await shell.countersign("pipeline", "push", "examples/toy-branches");
  expect(pushed).toMatchObject({ code: 0, output: expect.stringMatching(/^Pushed toy-branches v1 to branches-/) });
  expect((await shell.countersign("pipeline", "push", "examples/toy-branches")).output).toMatch(/nothing changed/);

  const ran = await shell.countersign("run", "start", "toy-branches", "--param", "rows=50", "--watch");
  expect(ran.code, ran.output).toBe(0);
  expect(ran.output).toMatch(/even succeeded.*: 25 rows/);
  expect(ran.output).toMatch(/flaky succeeded \(attempt 3\)/);
  const log = await shell.countersign("run", "logs", "1", "flaky");
  expect(log.output.match(/attempt \d of the effect/g)).toEqual([
    "attempt 1 of the effect",
    "attempt 2 of the effect",
    "attempt 3 of the effect",
  ]);
  const keys = new Set(log.output.match(/effect \S+/g));
  expect(keys.size).toBe(1);

  const again = await shell.countersign("run", "again", "1", "--param", "succeeds_at=4", "--watch");
  expect(again.code).toBe(3);
  expect(again.output).toMatch(/flaky failed \(attempt 3\).*not yet/);
  expect((await shell.countersign("run", "list")).output).toMatch(/#2 .*failed[\s\S]*#1 .*succeeded/);
});

test("who may not push or start is told which role may", async ({ demo }) => {
  const project = await makeProject(demo, "Refusals", PEOPLE);
  const shell = makeShell(demo, project.people.scientist.token);
  expect(await shell.countersign("pipeline", "push", "examples/toy-branches")).toMatchObject({
    code: 1,
    output: expect.stringMatching(/This needs the role DevOps engineer or ML engineer/),
  });
  expect(await shell.countersign("pipeline", "list")).toMatchObject({ code: 0, output: "No pipelines yet.\n" });
});

test("a broken definition is refused with file, line and reason, and leaves nothing", async ({ demo }) => {
  const project = await makeProject(demo, "Broken", PEOPLE);
  const shell = makeShell(demo, project.people.devops.token);
  mkdirSync(path.join(shell.folder, "bad"));
  writeFileSync(
    path.join(shell.folder, "bad/pipeline.yaml"),
    "name: bad\nkind: development\nsteps:\n  a:\n    shell: 'true'\n    inputs: { x: b.rows }\n",
  );
  expect(await shell.countersign("pipeline", "push", "bad")).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^bad\/pipeline\.yaml:6:\d+: steps\.a\.inputs\.x: There is no step b/),
  });
  expect((await shell.countersign("pipeline", "list")).output).toBe("No pipelines yet.\n");
});

test("cancelling a run that sleeps in a child of a child leaves no process behind within 10 seconds", async ({
  demo,
}) => {
  const project = await makeProject(demo, "Sleepers", PEOPLE);
  const shell = makeShell(demo, project.people.devops.token);
  // A length that no other test sleeps for, so that its processes can be told by it.
  const seconds = String(100_000 + (Number.parseInt(project.id.replaceAll("-", "").slice(-8), 16) % 800_000));
  mkdirSync(path.join(shell.folder, "sleepy"));
  const script = `setsid sh -c 'sleep ${seconds} & sleep ${seconds}' & sh -c 'sh -c "sleep ${seconds}; true"; true'`;
  writeFileSync(
    path.join(shell.folder, "sleepy/pipeline.yaml"),
    `name: sleepy\nkind: development\nsteps:\n  sleep:\n    shell: ${JSON.stringify(script)}\n`,
  );
  expect((await shell.countersign("pipeline", "push", "sleepy")).code).toBe(0);
  expect((await shell.countersign("run", "start", "sleepy")).code).toBe(0);
  await expect.poll(() => processesWith(seconds), { timeout: 30_000 }).toBe(3);

  const watching = shell.countersign("run", "status", "1", "--watch");
  const asked = performance.now();
  expect((await shell.countersign("run", "cancel", "1")).code).toBe(0);
  await expect.poll(() => processesWith(seconds), { timeout: 10_000 }).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(await watching).toMatchObject({ code: 4, output: expect.stringMatching(/run #1 cancelled/) });
});
