// biome-ignore-all lint/suspicious/noTemplateCurlyInString: definitions hold references of this form
import { expect, test } from "vitest";
import { compileDefinition, problemSentence } from "./compiler";

const problemsOf = (text: string) => compileDefinition(text, "pipeline.yaml").problems.map(problemSentence);

const WHOLE = `name: train-and-register
kind: production
parameters:
  data_version: { type: string, default: latest, description: "Which version" }
  c: { type: number, default: 1.5 }
steps:
  register:
    uses: register
    with: { model: seattle-rain, step: train }
  train:
    run: [python, train.py, 3]
    requirements: requirements.txt
    experiment: seattle-rain
    needs: [validate]
    inputs: { data: ingest.data, extra: { dataset: "calendar@2" } }
    outputs: { model: file, report: report }
    retries: { attempts: 3, delay: 5s }
    timeout: 10m
  validate: { uses: validate, inputs: { data: ingest.data } }
  ingest:
    uses: ingest
    with: { dataset: "seattle-weather@\${{ parameters.data_version }}" }
    outputs: { data: table }
  count:
    sql: select count(*) as n from data
    inputs: { data: ingest.data }
    outputs: { counts: table }
`;

test("a whole definition becomes a plan in an order in which it can run", () => {
  const { plan, problems } = compileDefinition(WHOLE, "pipeline.yaml");
  expect(problems).toEqual([]);
  expect(plan?.steps.map((step) => step.key)).toEqual(["ingest", "validate", "train", "register", "count"]);
  expect(plan?.parameters[1]).toEqual({ name: "c", type: "number", default: 1.5, description: "" });
  expect(plan?.steps[2]).toEqual({
    key: "train",
    work: { kind: "command", command: ["python", "train.py", "3"], requirements: "requirements.txt" },
    needs: ["validate", "ingest"],
    inputs: [
      { name: "data", from: "step", step: "ingest", output: "data" },
      { name: "extra", from: "dataset", dataset: "calendar", version: "2" },
    ],
    outputs: [
      { name: "model", type: "file" },
      { name: "report", type: "report" },
    ],
    maxAttempts: 3,
    retryDelayMs: 5_000,
    timeoutMs: 600_000,
    experiment: "seattle-rain",
  });
  expect(plan?.steps[3]?.needs).toEqual(["train"]);
});

const step = (text: string) => `name: p\nkind: development\nsteps:\n  a:\n${text.replace(/^/gm, "    ")}\n`;

test.each([
  ["broken YAML", "name: [p\nkind: development\n", /^pipeline\.yaml:\d+:\d+: /],
  [
    "a key twice",
    "name: p\nname: q\nkind: development\nsteps: { a: { shell: ls } }\n",
    "pipeline.yaml:2:1: This key stands here a second time.",
  ],
  ["a tab as indent", "name: p\nkind: development\nsteps:\n\ta: 1\n", /^pipeline\.yaml:4:1: .*tab/i],
  ["an alias", "name: &n p\nkind: development\nsteps: { a: { shell: *n } }\n", /Anchors and aliases are not allowed/],
  [
    "an unknown key",
    step("shell: ls\ntimeuot: 5m"),
    'pipeline.yaml:6:5: steps.a.timeuot: "timeuot" is not known here.',
  ],
  [
    "an unknown key at the top",
    "name: p\nkind: development\nschedule: daily\nsteps: { a: { shell: ls } }\n",
    'pipeline.yaml:3:1: schedule: "schedule" is not known here.',
  ],
  [
    "a bad duration",
    step("shell: ls\ntimeout: soon"),
    "pipeline.yaml:6:14: steps.a.timeout: Write a duration such as 30s, 10m or 2h, of at most 24h.",
  ],
  [
    "no kind of work",
    step("timeout: 5m"),
    "pipeline.yaml:4:3: steps.a: A step has one of run, shell, sql or uses; this one has none of them.",
  ],
  [
    "two kinds of work",
    step("shell: ls\nsql: select 1"),
    "pipeline.yaml:4:3: steps.a: A step has one of run, shell, sql or uses; this one has shell and sql.",
  ],
  [
    "a command as text",
    step("run: python train.py"),
    "pipeline.yaml:5:10: steps.a.run: Write the command as a list such as [python, train.py], or use shell: for a line of shell.",
  ],
  [
    "an unknown need",
    step("shell: ls\nneeds: [b]"),
    "pipeline.yaml:6:13: steps.a.needs.0: There is no step b; the steps are a.",
  ],
  [
    "an unknown output",
    `${step("shell: ls\ninputs: { x: b.data }")}  b: { shell: ls, outputs: { rows: table } }\n`,
    "pipeline.yaml:6:18: steps.a.inputs.x: The step b has no output data; it has rows.",
  ],
  ["a spliced parameter", step("shell: echo ${{ parameters.x }}"), /Parameters are not spliced into shell/],
  [
    "a built-in that is none",
    step("uses: deploy"),
    "pipeline.yaml:5:11: steps.a.uses: Write one of ingest, validate, features, register.",
  ],
  [
    "ingest without dataset",
    step("uses: ingest\nwith: {}"),
    "pipeline.yaml:6:5: steps.a.with: The option dataset of ingest is missing.",
  ],
  [
    "features without rows",
    step("uses: features\nwith: { view: daily_weather }"),
    "pipeline.yaml:4:3: steps.a: A step that uses features takes one input, the rows.",
  ],
  [
    "features of a view that is none",
    step("uses: features\nwith: { view: 'Daily@new' }\ninputs: { rows: { dataset: d } }"),
    /Write name@version, with a number or latest/,
  ],
  [
    "a bound that is no day",
    step("uses: features\nwith: { view: daily_weather, from: 2012 }\ninputs: { rows: { dataset: d } }"),
    /Write a day such as 2012-01-31/,
  ],
  [
    "a bound by a parameter that is not there",
    step(
      "uses: features\nwith: { view: daily_weather, to: '${{ parameters.last }}' }\ninputs: { rows: { dataset: d } }",
    ),
    /There is no parameter last/,
  ],
  [
    "two training sets of one step",
    step(
      "uses: features\nwith: { view: daily_weather }\ninputs: { rows: { dataset: d } }\noutputs: { a: table, b: table }",
    ),
    /at most one output, a table, and one, a report/,
  ],
  [
    "an unknown parameter",
    step("uses: ingest\nwith: { dataset: 'd@${{ parameters.v }}' }"),
    "pipeline.yaml:6:22: steps.a.with.dataset: There is no parameter v.",
  ],
  ["a bad dataset reference", step("shell: ls\ninputs: { d: { dataset: 'd@newest' } }"), /Write name@version/],
  ["an escape in requirements", step("run: [python, a.py]\nrequirements: ../secret.txt"), /Name a file of the bundle/],
  [
    "a bad default",
    "name: p\nkind: development\nparameters:\n  c: { type: integer, default: 1.5 }\nsteps: { a: { shell: ls } }\n",
    "pipeline.yaml:4:32: parameters.c.default: Write a whole number.",
  ],
  [
    "an odd step name",
    "name: p\nkind: development\nsteps:\n  Train: { shell: ls }\n",
    /^pipeline\.yaml:4:3: steps\.Train: A step's name/,
  ],
  [
    "register from a step that logs nothing",
    "name: p\nkind: development\nsteps:\n  a: { shell: ls }\n  b: { uses: register, with: { model: m, step: a } }\n",
    /logs to no experiment/,
  ],
  [
    "no steps",
    "name: p\nkind: development\nsteps: {}\n",
    "pipeline.yaml:3:8: steps: A pipeline has at least one step.",
  ],
  ["a missing name", "kind: development\nsteps: { a: { shell: ls } }\n", /^pipeline\.yaml:1:1: name: /],
  ["a kind that is none", "name: p\nkind: prod\nsteps: { a: { shell: ls } }\n", /^pipeline\.yaml:2:7: kind: /],
  [
    "sql with two outputs",
    step("sql: select 1\noutputs: { a: table, b: table }"),
    "pipeline.yaml:6:5: steps.a.outputs: A step with sql has exactly one output, a table.",
  ],
])("%s is refused with its place and reason", (_, text, expected) => {
  const problems = problemsOf(text);
  expect(problems[0]).toMatch(
    expected instanceof RegExp ? expected : new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`),
  );
});

test("steps that need each other in a circle are named", () => {
  const text =
    "name: p\nkind: development\nsteps:\n  a: { shell: ls, needs: [c] }\n  b: { shell: ls, needs: [a] }\n  c: { shell: ls, needs: [b] }\n";
  expect(problemsOf(text)).toEqual([
    "pipeline.yaml:4:3: steps.a: The steps need each other in a circle: a needs c needs b needs a.",
  ]);
});

test("several problems come in the order of the text", () => {
  const lines = compileDefinition(step("shell: ls\ntimeout: soon\nfoo: 1\nneeds: 3"), "p.yaml").problems.map(
    (problem) => problem.line,
  );
  expect(lines).toEqual([6, 7, 8]);
});
