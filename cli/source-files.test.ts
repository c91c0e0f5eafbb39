import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packSource, sourceState } from "./source-bundle";
import { sourceFiles } from "./source-files";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "countersign-cli-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>, root = folder): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

const git = (...args: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=T", "-c", "user.email=t@example.test", ...args], {
    stdio: "pipe",
  });
const PIPELINE = "name: x\nkind: development\nsteps:\n  a:\n    shell: 'true'\n";

describe("which files are pushed", () => {
  test("rules of both kinds, the deeper one wins, and litter never travels", () => {
    put({
      "pipeline.yaml": "",
      "src/a.py": "",
      "src/a.log": "",
      "src/keep.log": "",
      "data/big.csv": "",
      "__pycache__/a.pyc": "",
      "node_modules/x/index.js": "",
      ".gitignore": "*.log\n",
      "src/.gitignore": "!keep.log\n",
      ".countersignignore": "data/\n",
    });
    expect(sourceFiles(folder)).toEqual([".gitignore", "pipeline.yaml", "src/.gitignore", "src/a.py", "src/keep.log"]);
  });

  test("the rules of the folders above hold, up to the repository's root", () => {
    put({
      ".gitignore": "/examples/one/secret.txt\n*.tmp\n",
      "examples/one/pipeline.yaml": "",
      "examples/one/secret.txt": "",
      "examples/one/x.tmp": "",
    });
    git("init", "--quiet");
    expect(sourceFiles(path.join(folder, "examples/one"))).toEqual(["pipeline.yaml"]);
  });

  test("a link to a file within counts as that file; one that leads out is refused", () => {
    put({ "one/a.txt": "a", "outside.txt": "no" });
    symlinkSync("a.txt", path.join(folder, "one/b.txt"));
    expect(sourceFiles(path.join(folder, "one"))).toEqual(["a.txt", "b.txt"]);
    symlinkSync("../outside.txt", path.join(folder, "one/c.txt"));
    expect(() => sourceFiles(path.join(folder, "one"))).toThrow(/leads out of the folder/);
    put({ "one/.countersignignore": "c.txt\n" });
    expect(sourceFiles(path.join(folder, "one"))).toEqual(["a.txt", "b.txt"]);
  });
});

describe("the archive", () => {
  test("is the same for the same files, whatever their times, modes and links", async () => {
    put({ "pipeline.yaml": PIPELINE, "run.sh": "echo", [`${"deep/".repeat(30)}file.txt`]: "long path" });
    const first = await packSource(folder, "pipeline.yaml");
    utimesSync(path.join(folder, "run.sh"), 1, 1);
    chmodSync(path.join(folder, "run.sh"), 0o600);
    linkSync(path.join(folder, "run.sh"), path.join(folder, "..", `${path.basename(folder)}-second`));
    const second = await packSource(folder, "pipeline.yaml");
    rmSync(path.join(folder, "..", `${path.basename(folder)}-second`));
    expect(second.archive.equals(first.archive)).toBe(true);
    chmodSync(path.join(folder, "run.sh"), 0o755);
    expect((await packSource(folder, "pipeline.yaml")).archive.equals(first.archive)).toBe(false);
    expect(gunzipSync(first.archive).includes("long path")).toBe(true);
  });

  test("the commit, and whether the folder differs from it", async () => {
    put({ "pipeline.yaml": PIPELINE, "elsewhere/x": "" });
    expect(sourceState(folder)).toEqual({ commit: null, isDirty: true });
    git("init", "--quiet");
    expect(sourceState(folder)).toEqual({ commit: null, isDirty: true });
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
    expect(sourceState(folder)).toEqual({ commit: expect.stringMatching(/^[0-9a-f]{40}$/), isDirty: false });
    put({ "new.txt": "" });
    expect(sourceState(folder).isDirty).toBe(true);
    expect(sourceState(path.join(folder, "elsewhere")).isDirty).toBe(false);
  });
});

describe("mistakes are named before anything is sent", () => {
  test("in the definition: file, line and column", async () => {
    put({
      "pipeline.yaml":
        "name: x\nkind: development\nsteps:\n  a:\n    shell: 'true'\n    timeout: soon\n  b:\n    needs: [c]\n    shell: 'true'\n",
    });
    await expect(packSource(folder, "pipeline.yaml")).rejects.toThrow(
      /pipeline\.yaml:6:\d+: steps\.a\.timeout: Write a duration/,
    );
  });

  test("in YAML itself", async () => {
    put({ "pipeline.yaml": "name: x\nsteps:\n\ta: 1\n" });
    await expect(packSource(folder, "pipeline.yaml")).rejects.toThrow(/pipeline\.yaml:3:\d+: .*tab/i);
  });

  test("in a requirements file: file and line; and one that is not there", async () => {
    const withRequirements = PIPELINE.replace("shell: 'true'", "shell: 'true'\n    requirements: requirements.txt");
    put({ "pipeline.yaml": withRequirements });
    await expect(packSource(folder, "pipeline.yaml")).rejects.toThrow(
      /the step a names requirements\.txt, which is not in the folder/,
    );
    put({ "requirements.txt": "numpy==2.4.6\npandas>=3\n" });
    await expect(packSource(folder, "pipeline.yaml")).rejects.toThrow(/requirements\.txt:2: pandas is not pinned/);
  });

  test("a folder without definition, and none at all", async () => {
    await expect(packSource(folder, "pipeline.yaml")).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/pipeline\.yaml is missing/),
    });
    await expect(packSource(path.join(folder, "no"), "pipeline.yaml")).rejects.toMatchObject({ exitCode: 2 });
  });
});
