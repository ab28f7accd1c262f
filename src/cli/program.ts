// The command line: argv to one call to an exit code. Commands are loaded when they are called, so that help is quick.
import { Argument, Command, CommanderError, InvalidArgumentError } from "commander";
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
  latencyCommand(program, run);
  serveCommand(program, run);
  for (const command of program.commands) inherit(command);
  return program;
}

function inherit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) inherit(child);
}

function runCommand(program: Command, run: Run): void {
  program
    .command("run")
    .description("the bakeoff: every task by every candidate through the whole policy; a table, a capsule, a report")
    .option("--suite <name|dir>", "suite to run (default: reflex-patchloop-v1)")
    .option("--candidates <a,b>", "candidates to try (default: the embedded ones, and those whose server answers)", names)
    .option("--epochs <n>", "repeats of each task", whole(1, 1000), 1)
    .option("--limit <n>", "take only so many tasks, drawn by the seed", whole(1, 100_000))
    .option("--task <id...>", "take only these tasks")
    .option("--concurrency <n>", "cargo jobs and model calls at a time (cargo: never more than the machine has cores)", whole(1, 256))
    .option("--policy <file>", "policy file; candidates.toml lies beside it")
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

function policyCommands(program: Command, run: Run): void {
  const policy = program.command("policy").description("the model policy").addHelpText("after", "\nExample:\n  bakeoff policy validate\n");
  withFile(byDefault(policy, "validate"))
    .description("check the policy and the candidates; every issue at once")
    .addHelpText("after", "\nExample:\n  bakeoff policy validate\n")
    .action((_, options) => run(async () => (await import("./commands/policy.ts")).validate(options)));
  withFile(policy.command("snapshot"))
    .description("print the compiled PolicySnapshot.json")
    .addHelpText("after", "\nExample:\n  bakeoff policy snapshot > PolicySnapshot.json\n")
    .action((options) => run(async () => (await import("./commands/policy.ts")).snapshot(options)));
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

function latencyCommand(program: Command, run: Run): void {
  program
    .command("latency")
    .description("time the candidates' servers, without cargo")
    .option("--candidates <a,b>", "candidates to time (default: those whose server answers)", names)
    .option("--suite <name|dir>", "suite whose prompts are sent (default: reflex-patchloop-v1)")
    .option("--rounds <n>", "interleaved rounds", whole(1, 10_000), 5)
    .option("--requests <n>", "requests of one block: one candidate, prefix and load in one round", whole(1, 100_000), 16)
    .option("--concurrency <n,n>", "so many callers at a time, a closed loop each (default: 1)", numbers(1, 256))
    .option("--rate <r,r>", "requests a second, an open loop each, at Poisson times", numbers(0.001, 10_000))
    .option("--cold", "only prompts that the server has not seen", false)
    .option("--warm", "only prompts whose beginning it has just seen", false)
    .option("--policy <file>", "policy file; candidates.toml lies beside it")
    .option("--seed <n>", "seed of the send times", whole(0, 2 ** 31), 1)
    .option("--out <file.jsonl>", "also write one line a candidate, prefix and load, in the keys of SGLang's bench")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff latency --candidates gpt-oss-20b --concurrency 1,4,16 --rate 2 --out latency.jsonl\n")
    .action((options) => run(async () => (await import("./commands/latency.ts")).latency(options)));
}

function serveCommand(program: Command, run: Run): void {
  program
    .command("serve <candidate> [command...]")
    .description("start a candidate's own server, wait until it is ready, and stop it at the end")
    .option("--checkpoint <id|dir>", "what stands where the start line has <…>")
    .option("--ready-timeout <s>", "seconds that loading may take", whole(1, 86_400), 1200)
    .option("--policy <file>", "policy file; candidates.toml lies beside it")
    .addHelpText(
      "after",
      "\nWith a command behind --, the server is there for as long as that runs.\nExample:\n  bakeoff serve gpt-oss-20b\n  bakeoff serve gpt-oss-20b -- run --candidates gpt-oss-20b\n",
    )
    .action((name, command, options) => run(async () => (await import("./commands/serve.ts")).serve(name, command, options)));
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

function numbers(least: number, most: number) {
  return (text: string): number[] => {
    const wanted = list(text).map(Number);
    if (wanted.length > 0 && wanted.every((value) => value >= least && value <= most && (least < 1 || Number.isInteger(value)))) return [...new Set(wanted)];
    throw new InvalidArgumentError(`It must be ${least < 1 ? "numbers" : "whole numbers"} from ${least} to ${most}, with commas between them.`);
  };
}

const FORMATS = ["md", "json", "csv"];

function formats(text: string): string[] {
  const wanted = list(text);
  const unknown = wanted.find((format) => !FORMATS.includes(format));
  if (unknown === undefined && wanted.length > 0) return wanted;
  throw new InvalidArgumentError(`${unknown ?? "nothing"} is no format: choose from ${FORMATS.join(", ")}.`);
}
