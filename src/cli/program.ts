// The command line: argv to one call to an exit code. Commands are loaded when they are called, so that help is quick.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { nearest } from "../core/base/nearest.ts";
import { type Failure, failureOf } from "./errors.ts";
import { packageVersion } from "./places.ts";

/** Runs one command line; gives the process's exit code and never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const run = (action: () => Promise<number>) => action().then((code) => void (exitCode = code));
  const program = buildProgram(run);
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (thrown) {
    // Commander has printed its own message already; asking for help is no error.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return report(failureOf(thrown));
  }
}

function report(failure: Failure): number {
  process.stderr.write(`bakeoff: ${failure.text}\n`);
  return failure.exitCode;
}

type Run = (action: () => Promise<number>) => Promise<void>;

function buildProgram(run: Run): Command {
  const program = new Command("bakeoff")
    .description("Decides which coding model may be trusted with your Rust repository, and can prove it a year later.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError("(bakeoff --help lists what there is)")
    .addHelpText("after", "\nExample:\n  bakeoff run --candidates rustc-suggestions,nop,oracle --limit 10\n");
  runCommand(program, run);
  reportCommand(program, run);
  capsuleCommands(program, run);
  policyCommands(program, run);
  suiteCommands(program, run);
  doctorCommand(program, run);
  for (const command of program.commands) inherit(command);
  return program;
}

function inherit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) inherit(child);
}

function runCommand(program: Command, run: Run): void {
  withLayers(program.command("run"))
    .description("the bakeoff: every task by every candidate through the whole policy; a table, a capsule, a report")
    .option("--suite <name|dir>", "suite to run (default: reflex-patchloop-v1)")
    .option("--candidates <a,b>", "candidates to try (default: the embedded ones, and those whose server answers)", names)
    .option("--epochs <n>", "repeats of each task", whole(1, 1000), 1)
    .option("--limit <n>", "take only so many tasks, drawn by the seed", whole(1, 100_000))
    .option("--task <id...>", "take only these tasks")
    .option("--concurrency <n>", "cargo jobs and model calls at a time (cargo: never more than the machine has cores)", whole(1, 256))
    .option("--resume <run>", "go on with an interrupted run (its id, or its capsule)")
    .option("--capability", "try the slot on high-risk tasks too, marked as outside the policy", false)
    .option("--seed <n>", "seed of every draw", whole(0, 2 ** 31), 1)
    .option("--out <dir>", "folder of the report (default: reports/<run-id>)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff run --suite reflex-patchloop-v1 --candidates gpt-oss-20b,rustc-suggestions --epochs 3\n")
    .action((options) => run(async () => (await import("./commands/run.ts")).run(options)));
}

function reportCommand(program: Command, run: Run): void {
  program
    .command("report <capsule>")
    .description("reports from a stored capsule")
    .option("--format <formats>", "comma-separated: md, json, csv", formats, ["md"])
    .option("--out <dir>", "write files there instead of to stdout")
    .addHelpText("after", "\nExample:\n  bakeoff report capsules/RUN.capsule.jsonl --format md,csv --out /tmp/report\n")
    .action((capsule, options) => run(async () => (await import("./commands/report.ts")).report(capsule, options)));
}

function capsuleCommands(program: Command, run: Run): void {
  const capsule = program.command("capsule").description("look at stored runs").addHelpText("after", "\nExample:\n  bakeoff capsule list\n");
  capsule
    .command("list")
    .description("the capsules of this folder, newest first")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff capsule list\n")
    .action((options) => run(async () => (await import("./commands/capsule.ts")).list(options)));
  capsule
    .command("verify <capsule>")
    .description("check a capsule's hashes, order and seal")
    .addHelpText("after", "\nExample:\n  bakeoff capsule verify capsules/RUN.capsule.jsonl\n")
    .action((path) => run(async () => (await import("./commands/capsule.ts")).verify(path)));
}

/** The command of a group that runs where none is named: what stands in its place is then a mistyped name. */
function byDefault(group: Command, name: string): Command {
  const mistyped = (word: string): never => {
    const known = group.commands.map((command) => command.name());
    throw new InvalidArgumentError(`There is no command ${group.name()} ${word}: did you mean ${nearest(word, known).join(" or ")}?`);
  };
  const nothing = new Argument("[command]").argParser(mistyped);
  return group.command(name, { isDefault: true }).usage("[options]").addArgument(nothing);
}

const withFile = (command: Command): Command => command.option("--policy <file>", "policy file; candidates.toml lies beside it");

const repeated = (text: string, before: string[] = []): string[] => [...before, text];

/** The layers over the workspace's policy. */
const withLayers = (command: Command): Command =>
  withFile(command)
    .option("--spec <name|file>", "the layer of one spec: a .toml file, or a name in specs/ beside the policy")
    .option("--set <key=value>", "override a value (TOML) for this run only; may be repeated, needs --allow-override", repeated)
    .option("--allow-override", "allow --set; what is overridden is recorded", false);

function policyCommands(program: Command, run: Run): void {
  const policy = program.command("policy").description("the model policy").addHelpText("after", "\nExample:\n  bakeoff policy validate\n");
  withLayers(byDefault(policy, "validate"))
    .description("check the policy, its rules, its version and its signature; every issue at once")
    .option("--against <file|revision>", "policy that the version is compared with (default: git HEAD, where there is one)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy validate --against main\n")
    .action((_, options) => run(async () => (await import("./commands/policy.ts")).validate(options)));
  withLayers(policy.command("show [file]"))
    .description("each value of the policy, or of a stored snapshot, with the layer that it comes from")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy show\n")
    .action((file, options) => run(async () => (await import("./commands/policy.ts")).show(file, options)));
  withLayers(policy.command("snapshot"))
    .description("print the compiled PolicySnapshot.json, exactly as a run keeps it")
    .option("--created-at <time>", "the time to write into it, to get the bytes of a stored one (default: now)", instant)
    .option("--out <file>", "write it there instead of to stdout")
    .addHelpText("after", "\nExample:\n  bakeoff policy snapshot > PolicySnapshot.json\n")
    .action((options) => run(async () => (await import("./commands/policy.ts")).printSnapshot(options)));
  policyChangeCommands(policy, run);
}

function policyChangeCommands(policy: Command, run: Run): void {
  withFile(policy.command("diff [before] [after]"))
    .description("what differs between two policies and what it means (files, snapshots or git revisions; default: HEAD and the working tree)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy diff HEAD\n")
    .action((before, after, options) =>
      run(async () =>
        (await import("./commands/policy-change.ts")).diff(
          [before, after].filter((word) => word !== undefined),
          options,
        ),
      ),
    );
  withFile(policy.command("bump"))
    .description("write the version that the changes ask for, and an entry in CHANGELOG.md beside the policy")
    .addOption(new Option("--level <level>", "a larger step than needed").choices(["patch", "minor", "major"]))
    .option("--against <file|revision>", "policy before the change (default: git HEAD)")
    .option("--reason <text>", "why, for the changelog")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", '\nExample:\n  bakeoff policy bump --reason "Two more reflex attempts"\n')
    .action((options) => run(async () => (await import("./commands/policy-change.ts")).bump(options)));
  withLayers(policy.command("sign"))
    .description("sign the policy's hash (ed25519, DSSE) into a .sig.json beside it")
    .option("--key <file>", "PKCS #8 PEM of the key (default: the variable BAKEOFF_SIGNING_KEY)")
    .option("--new-key <file>", "make a key there first")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy sign --new-key policy-key.pem\n")
    .action((options) => run(async () => (await import("./commands/policy-change.ts")).sign(options)));
}

function suiteCommands(program: Command, run: Run): void {
  const suite = program.command("suite").description("the suites of tasks").addHelpText("after", "\nExample:\n  bakeoff suite show reflex-patchloop-v1\n");
  byDefault(suite, "list")
    .description("the suites there are")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite list\n")
    .action((_, options) => run(async () => (await import("./commands/suite.ts")).list(options)));
  suite
    .command("show <suite>")
    .description("a suite's tasks")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite show reflex-patchloop-v1\n")
    .action((name, options) => run(async () => (await import("./commands/suite.ts")).show(name, options)));
  suite
    .command("validate <suite>")
    .description("prove a suite: each break fails as declared, doing nothing fails, the solution passes, deleting does not")
    .option("--task <id...>", "only these tasks")
    .option("--repeats <n>", "repeats that must agree", whole(1, 20), 3)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite validate reflex-patchloop-v1\n")
    .action((name, options) => run(async () => (await import("./commands/suite.ts")).validate(name, options)));
}

function doctorCommand(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("what is there, what is missing, how to get it")
    .option("--policy <file>", "policy file; candidates.toml lies beside it")
    .option("--prune <days>", "remove prepared bases that were not used for so many days (0: all)", whole(0, 10_000))
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff doctor --prune 14\n")
    .action((options) => run(async () => (await import("./commands/doctor.ts")).doctor(options)));
}

function names(text: string): string[] {
  const wanted = list(text);
  if (wanted.length > 0) return wanted;
  throw new InvalidArgumentError("Name at least one candidate.");
}

const list = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function whole(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function instant(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("Write it as 2026-11-22T00:00:00.000Z.");
}

const FORMATS = ["md", "json", "csv"];

function formats(text: string): string[] {
  const wanted = list(text);
  const unknown = wanted.find((format) => !FORMATS.includes(format));
  if (unknown === undefined && wanted.length > 0) return wanted;
  throw new InvalidArgumentError(`${unknown ?? "nothing"} is no format: choose from ${FORMATS.join(", ")}.`);
}
