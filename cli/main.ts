import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { CliError, EXIT, type ExitCode } from "./cli-error";
import { openClient } from "./client";
import { whoAmI } from "./commands/account";
import { importData, saveChecks } from "./commands/data";
import { listPipelines, pushPipeline } from "./commands/pipeline";
import {
  cancelRun,
  exitCodeOf,
  getRun,
  listRuns,
  type Place,
  printLogs,
  rerun,
  runText,
  startRun,
  watchRun,
} from "./commands/run";
import { type Output, table, terminal } from "./output";
import { readSettings, writeSettings } from "./settings";

type Shared = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  end: ExitCode;
};
type InProject = { readonly project?: string };

const EXIT_HELP = `
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 the run failed, 4 the run was cancelled, 5 the server cannot be reached.
Settings: COUNTERSIGN_URL, COUNTERSIGN_TOKEN and COUNTERSIGN_PROJECT, or what "countersign configure" stored.`;

/** Runs one command; answers what the process ends with. */
export async function main(
  argv: readonly string[],
  environment: Shared["environment"] = process.env,
  output: Output = terminal,
): Promise<ExitCode> {
  const shared: Shared = { environment, output, end: EXIT.done };
  const program = new Command("countersign")
    .description("Countersign from the command line.")
    .addHelpText("after", EXIT_HELP)
    .exitOverride();
  program.configureOutput({ writeOut: (text) => output.write(text), writeErr: (text) => output.error(text.trimEnd()) });
  for (const add of [addAccount, addPipeline, addRun, addData]) add(program, shared);
  try {
    await program.parseAsync([...argv]);
    return shared.end;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof CliError)) throw error;
    output.error(error.message);
    return error.exitCode;
  }
}

const clientOf = (shared: Shared) => openClient(readSettings(shared.environment));

async function placeOf(shared: Shared, { project }: InProject): Promise<Place> {
  const client = clientOf(shared);
  return { client, project: await client.project(project ?? null), output: shared.output };
}

/** A sub-command that takes `--project`. */
function inProject(parent: Command, usage: string, about: string): Command {
  return parent
    .command(usage)
    .description(about)
    .option("-p, --project <slug>", "the project, where the token reaches several");
}

const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
const parameter = () =>
  new Option("--param <name=value>", "a parameter of the run; repeat it for more").argParser(collect).default([]);

function addAccount(program: Command, shared: Shared): void {
  program
    .command("whoami")
    .description("whose token it is, and what it reaches")
    .action(() => whoAmI(clientOf(shared), shared.output));
  program
    .command("configure")
    .description("stores address and token; the token is read from standard input")
    .requiredOption("--url <address>", "the address of Countersign, such as http://localhost:3000")
    .option("-p, --project <slug>", "the project to work in")
    .action(({ url, project }: InProject & { url: string }) => {
      if (!URL.canParse(url)) throw new CliError(`${url} is no address.`, EXIT.usage);
      if (process.stdin.isTTY) shared.output.error("Paste the token and press Enter, then Ctrl-D:");
      const token = readFileSync(0, "utf8").trim();
      if (token === "") throw new CliError("No token came on standard input.", EXIT.usage);
      shared.output.line(
        `Stored in ${writeSettings(shared.environment, { url, token, ...(project && { project }) })}, readable by you alone.`,
      );
    });
}

function addPipeline(program: Command, shared: Shared): void {
  const pipeline = program.command("pipeline").description("definitions and their sources");
  inProject(pipeline, "push [folder]", "sends the definition and the scripts of a folder (the present one)")
    .option("-f, --definition <file>", "the definition in the folder", "pipeline.yaml")
    .option("--dry-run", "only checks, and lists what would be sent", false)
    .action((folder: string | undefined, given: InProject & { definition: string; dryRun: boolean }) =>
      pushPipeline({ client: () => clientOf(shared), output: shared.output }, folder ?? ".", {
        ...given,
        project: given.project ?? null,
      }),
    );
  inProject(pipeline, "list", "the project's pipelines").action(async (given: InProject) => {
    const rows = await listPipelines(clientOf(shared), given.project ?? null);
    shared.output.line(rows.length === 0 ? "No pipelines yet." : table(rows));
  });
}

function addRun(program: Command, shared: Shared): void {
  const run = program.command("run").description("runs of pipelines");
  const settle = async (place: Place, number: number, isWatched: boolean) => {
    if (isWatched) shared.end = await watchRun(place, String(number));
  };
  inProject(run, "start <pipeline>", "starts a run of the newest version")
    .addOption(parameter())
    .option("--version-number <n>", "another version than the newest", Number)
    .option("-w, --watch", "shows each step until the run is over, and ends as it ended", false)
    .action(
      async (pipeline: string, given: InProject & { param: string[]; versionNumber?: number; watch: boolean }) => {
        const place = await placeOf(shared, given);
        await settle(
          place,
          await startRun(place, pipeline, { parameters: given.param, version: given.versionNumber ?? null }),
          given.watch,
        );
      },
    );
  inProject(run, "again <run>", "starts the same version again, with other parameters where given")
    .addOption(parameter())
    .option("-w, --watch", "shows each step until the run is over, and ends as it ended", false)
    .action(async (of: string, given: InProject & { param: string[]; watch: boolean }) => {
      const place = await placeOf(shared, given);
      await settle(place, await rerun(place, of, given.param), given.watch);
    });
  inProject(run, "list", "the last 20 runs").action(async (given: InProject) =>
    shared.output.line(await listRuns(await placeOf(shared, given))),
  );
  inProject(run, "status <run>", "state, steps and times of a run")
    .option("-w, --watch", "shows each change until the run is over", false)
    .action(async (of: string, given: InProject & { watch: boolean }) => {
      const place = await placeOf(shared, given);
      const view = await getRun(place, of);
      shared.output.line(runText(view));
      shared.end = given.watch ? await watchRun(place, of) : exitCodeOf(view);
    });
  inProject(run, "logs <run> [step]", "the log of a step, or of all steps")
    .option("-f, --follow", "goes on until the run is over", false)
    .action(async (of: string, step: string | undefined, given: InProject & { follow: boolean }) =>
      printLogs(await placeOf(shared, given), of, { step: step ?? null, follow: given.follow }),
    );
  inProject(run, "cancel <run>", "stops a run; its processes are ended").action(async (of: string, given: InProject) =>
    cancelRun(await placeOf(shared, given), of),
  );
}

type DataOptions = InProject & {
  options?: string;
  create: boolean;
  holdout: boolean;
  description: string;
  source: string;
  licence: string;
};

function addData(program: Command, shared: Shared): void {
  const data = program.command("data").description("dataset versions and their checks");
  inProject(data, "import <dataset> <file>", "imports a CSV file as a version of a dataset")
    .option("-o, --options <file>", "JSON with delimiter, types, derived columns, filter and so on")
    .option("--create", "makes the dataset where it is missing", false)
    .option("--holdout", "with --create: a hold-out, which no step ever receives", false)
    .option("--description <text>", "with --create: what the rows are", "")
    .option("--source <text>", "with --create: where the rows come from", "")
    .option("--licence <text>", "with --create: under which licence", "")
    .action(async (name: string, file: string, given: DataOptions) =>
      importData(await placeOf(shared, given), name, file, { ...given, options: given.options ?? null }),
    );
  inProject(
    data,
    "checks <dataset> <file>",
    "saves the checks of a dataset (JSON) and runs them on its newest version",
  ).action(async (name: string, file: string, given: InProject) => {
    const hasPassed = await saveChecks(await placeOf(shared, given), name, file);
    shared.end = hasPassed ? EXIT.done : EXIT.refused;
  });
}
