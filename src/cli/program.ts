// The command line: argv to one call to an exit code. Commands are loaded when they are called, so that help is quick.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { nearest } from "../core/base/nearest.ts";
import { type Failure, failureOf } from "./errors.ts";
import { packageVersion } from "./places.ts";
import { capsuleCommands } from "./program-capsule.ts";

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
    // Options belong to the command that they follow: `gate` and `gate register` both have --candidate.
    .enablePositionalOptions()
    .showHelpAfterError("(bakeoff --help lists what there is)")
    .addHelpText("after", "\nExample:\n  bakeoff run --candidates rustc-suggestions,nop,oracle --limit 10\n");
  runCommand(program, run);
  replayCommand(program, run);
  gateCommands(program, run);
  promoteCommand(program, run);
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
    .option("--override-budget", "spend more than the policy's budget, where it allows that; recorded", false)
    .option("--seed <n>", "seed of every draw", whole(0, 2 ** 31), 1)
    .option("--out <dir>", "folder of the report (default: reports/<run-id>)")
    .option("--key <file>", "private key that signs the capsule (default: BAKEOFF_SIGNING_KEY, else unsigned)")
    .option("--until-decided", "run batches of low-risk tasks until the gate says promote or hold; needs --candidate", false)
    .option("--candidate <name>", "with --until-decided: who is to be promoted")
    .option("--incumbent <name>", "with --until-decided: whose place it would take (default: the policy's reflex candidate)")
    .option("--looks <n>", "with --until-decided: how often to look at most", whole(1, 20), 4)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff run --suite reflex-patchloop-v1 --candidates gpt-oss-20b,rustc-suggestions --epochs 3\n")
    .action((options) => run(async () => (await import("./commands/run.ts")).run(options)));
}

function replayCommand(program: Command, run: Run): void {
  program
    .command("replay <capsule>")
    .description("what a stored run proves: decisions made again, prompts and patches rebuilt, an audit report; offline")
    .option("--reexecute", "run cargo again in the sandbox and compare the verdicts", false)
    .option("--policy <file>", "how the run would have gone under this policy, from the record alone")
    .option("--compare <capsule>", "set another capsule beside it, on the tasks that both have")
    .option("--suite <name|dir>", "where the run's suite lies (default: by its name)")
    .option("--out <dir>", "folder of the report (default: reports/<run-id>)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff replay capsules/RUN.capsule.jsonl --out /tmp/audit\n")
    .action((capsule, options) => run(async () => (await import("./commands/replay.ts")).replay(capsule, options)));
}

const withKey = (command: Command): Command => command.option("--key <file>", "ed25519 key (PKCS #8 PEM); else the variable BAKEOFF_SIGNING_KEY, if set");

function gateCommands(program: Command, run: Run): void {
  const gate = program
    .command("gate")
    .description("may a candidate take the incumbent's place: promote (0), hold (10) or inconclusive (11)")
    .option("--candidate <name...>", "the alternatives; several at once share the level (Holm)")
    .option("--incumbent <name>", "what it is compared with (default: the policy's reflex candidate)")
    .option("--capsule <file...>", "the runs to decide on (default: the newest that holds them all)")
    .option("--registration <file>", "the registration that was made before the run")
    .option("--override <reason>", "pass it all the same: needs --by and a key; never past a stand-in")
    .option("--by <name>", "who overrides")
    .option("--junit <file>", "write JUnit XML there")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff gate --candidate qwen3-coder-30b-a3b-awq --incumbent gpt-oss-20b\n")
    .action((options, command: Command) =>
      run(async () => (options.candidate ? (await import("./commands/gate.ts")).gate(options) : missing(command, "--candidate <name...>"))),
    );
  withKey(gate).enablePositionalOptions();
  withKey(gate.command("register"))
    .description("sign policy, criteria, suite and candidates before a run")
    .requiredOption("--candidate <name...>", "the alternatives")
    .option("--incumbent <name>", "what they will be compared with (default: the policy's reflex candidate)")
    .option("--suite <name|dir>", "the suite that will be run (default: reflex-patchloop-v1)")
    .option("--policy <file>", "policy file; candidates.toml lies beside it")
    .option("--out <file>", "where to write it (default: reports/gates/)")
    .addHelpText("after", "\nExample:\n  bakeoff gate register --candidate qwen3-coder-30b-a3b-awq --key release.pem\n")
    .action((_, command: Command) => run(async () => (await import("./commands/gate.ts")).register(command.optsWithGlobals())));
  withKey(gate.command("verify <decision>"))
    .description("check a decision: registration, capsules, policy, and that it comes out again")
    .option("--trust <key...>", "public keys (base64) to trust beside the policy's")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff gate verify reports/gates/DECISION.json\n")
    .action((path, _, command: Command) => run(async () => (await import("./commands/gate.ts")).verify(path, command.optsWithGlobals())));
}

function promoteCommand(program: Command, run: Run): void {
  withKey(program.command("promote"))
    .description("write the policy change, version and changelog entry that a decision to promote allows")
    .option("--candidate <name>", "who takes the reflex slot")
    .option("--decision <file>", "the decision that bakeoff gate wrote")
    .option("--policy <file>", "policy file; candidates.toml lies beside it")
    .option("--by <name>", "who promotes (default: the user's name)")
    .option("--trust <key...>", "public keys (base64) to trust beside the policy's")
    .option("--rollback", "take the last promotion back", false)
    .option("--dry-run", "print the change, write nothing", false)
    .addHelpText("after", "\nExample:\n  bakeoff promote --candidate qwen3-coder-30b-a3b-awq --decision reports/gates/DECISION.json\n")
    .action((options) => run(async () => (await import("./commands/promote.ts")).promote(options)));
}

function missing(command: Command, option: string): never {
  return command.error(`error: required option '${option}' not specified`, { exitCode: 2 });
}

function reportCommand(program: Command, run: Run): void {
  program
    .command("report <capsule>")
    .description("reports from a stored capsule")
    .option("--format <formats>", "comma-separated: md, html, csv, json, svg, junit, inspect", formats, ["md"])
    .option("--out <dir>", "write files there instead of to stdout")
    .addHelpText("after", "\nExample:\n  bakeoff report capsules/RUN.capsule.jsonl --format md,csv --out /tmp/report\n")
    .action((capsule, options) => run(async () => (await import("./commands/report.ts")).report(capsule, options)));
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
  suiteMakingCommands(suite, run);
  suite
    .command("validate <suite>")
    .description("prove a suite: each break fails as declared, doing nothing fails, the solution passes, deleting does not")
    .option("--task <id...>", "only these tasks")
    .option("--repeats <n>", "repeats that must agree", whole(1, 20), 3)
    .option("--leaks", "look for the solution's lines in all that a trial's workspace holds", false)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite validate reflex-patchloop-v1\n")
    .action((name, options) => run(async () => (await import("./commands/suite.ts")).validate(name, options)));
  mutateCommand(suite, run);
}

function mutateCommand(suite: Command, run: Run): void {
  suite
    .command("mutate")
    .description("make a suite of your own repository: changes of its code that its tests notice, each proved")
    .requiredOption("--repo <dir>", "the repository: a cargo workspace or package; it is only read")
    .option("--max <n>", "tasks wanted", whole(1, 2000), 40)
    .option("--kinds <a,b>", "operators, or the groups compile and behaviour (default: all)", names)
    .option("--seed <n>", "seed of every draw", whole(0, 2 ** 31), 1)
    .option("--name <name>", "the suite's name (default: that of the package, with -mutants)")
    .option("--out <dir>", "the suite's folder (default: suites/<name>)")
    .option("--strength", "change each solution and count what its tests do not notice", false)
    .option("--drop-weak", "leave out tasks with a weak oracle (measures as --strength does)", false)
    .option("--allow-dirty", "take uncommitted changes along", false)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite mutate --repo ../my-crate --max 40 --kinds compile,boundary\n")
    .action((options) => run(async () => (await import("./commands/suite-mutate.ts")).mutate(options)));
}

function suiteMakingCommands(suite: Command, run: Run): void {
  suite
    .command("mine")
    .description("a suite from a repository's history: commits whose tests fail without their change and pass with it")
    .requiredOption("--repo <dir>", "git repository of a Rust workspace; it is only read")
    .option("--since <rev>", "only commits after this one (a commit, tag or branch)")
    .option("--max <n>", "stop after so many tasks", whole(1, 1000), 20)
    .option("--tries <n>", "build at the most so many commits (default: ten times --max, at least 50)", whole(1, 100_000))
    .option("--repeats <n>", "repeats that must agree", whole(1, 20), 2)
    .option("--out <dir>", "folder of the suite (default: suites/<name>)")
    .option("--name <name>", "name of the suite (default: <folder of the repository>-mined)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite mine --repo ../my-crate --since v1.0.0 --max 10\n")
    .action((options) => run(async () => (await import("./commands/suite-mine.ts")).mine(options)));
  suite
    .command("import <source>")
    .description("a suite from tasks made elsewhere: SWE-bench-style JSON lines, Exercism exercises, Harbor or Terminal-Bench folders")
    .addOption(new Option("--format <format>", "what the source is").choices(["swe-bench", "exercism", "harbor"]).makeOptionMandatory())
    .option("--repo <dir>", "git repository that the instances' commits are in (swe-bench); it is only read")
    .option("--repeats <n>", "repeats that must agree", whole(1, 20), 2)
    .option("--out <dir>", "folder of the suite (default: suites/<name>)")
    .option("--name <name>", "name of the suite (default: <source>-imported)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite import --format swe-bench tasks.jsonl --repo ../my-crate\n")
    .action((source, options) => run(async () => (await import("./commands/suite-import.ts")).importSuite(source, options)));
  suite
    .command("export <suite>")
    .description("a suite as SWE-bench-style JSON lines, with the commits that they name as a git stream")
    .addOption(new Option("--format <format>", "what to write").choices(["swe-bench"]).default("swe-bench"))
    .option("--out <dir>", "folder to make (default: exports/<suite>)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite export reflex-patchloop-v1 --out /tmp/tasks\n")
    .action((name, options) => run(async () => (await import("./commands/suite-export.ts")).exportSuite(name, options)));
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

function instant(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("Write it as 2026-11-22T00:00:00.000Z.");
}

function numbers(least: number, most: number) {
  return (text: string): number[] => {
    const wanted = list(text).map(Number);
    if (wanted.length > 0 && wanted.every((value) => value >= least && value <= most && (least < 1 || Number.isInteger(value)))) return [...new Set(wanted)];
    throw new InvalidArgumentError(`It must be ${least < 1 ? "numbers" : "whole numbers"} from ${least} to ${most}, with commas between them.`);
  };
}

const FORMATS = ["md", "html", "csv", "json", "svg", "junit", "inspect"];

function formats(text: string): string[] {
  const wanted = list(text);
  const unknown = wanted.find((format) => !FORMATS.includes(format));
  if (unknown === undefined && wanted.length > 0) return wanted;
  throw new InvalidArgumentError(`${unknown ?? "nothing"} is no format: choose from ${FORMATS.join(", ")}.`);
}
