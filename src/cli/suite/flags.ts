// The `suite` commands.
import { type Command, Option } from "commander";
import { byDefault, names, whole, type Run } from "../flags.ts";

export function suiteCommands(program: Command, run: Run): void {
  const suite = program.command("suite").description("the suites of tasks").addHelpText("after", "\nExample:\n  bakeoff suite show reflex-patchloop-v1\n");
  byDefault(suite, "list")
    .description("the suites there are")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite list\n")
    .action((_, options) => run(async () => (await import("./suite.ts")).list(options)));
  suite
    .command("show <suite>")
    .description("a suite's tasks")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite show reflex-patchloop-v1\n")
    .action((name, options) => run(async () => (await import("./suite.ts")).show(name, options)));
  suiteMakingCommands(suite, run);
  suite
    .command("validate <suite>")
    .description("prove a suite: each break fails as declared, doing nothing fails, the solution passes, deleting does not")
    .option("--task <id...>", "only these tasks")
    .option("--repeats <n>", "repeats that must agree", whole(1, 20), 3)
    .option("--leaks", "look for the solution's lines in all that a trial's workspace holds", false)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite validate reflex-patchloop-v1\n")
    .action((name, options) => run(async () => (await import("./suite.ts")).validate(name, options)));
  mutateCommand(suite, run);
}

function mutateCommand(suite: Command, run: Run): void {
  suite
    .command("mutate")
    .description("make a suite of your own repository: changes of its code that its tests notice, each proved")
    .requiredOption("--repo <dir>", "the repository: a cargo workspace or package; it is only read")
    .option("--max <n>", "tasks wanted", whole(1, 2000), 40)
    .option("--features <a,b>", "build and test with these cargo features too", names)
    .option("--all-features", "build and test with all cargo features", false)
    .option("--kinds <a,b>", "operators, or the groups compile and behaviour (default: all)", names)
    .option("--seed <n>", "seed of every draw", whole(0, 2 ** 31), 1)
    .option("--name <name>", "the suite's name (default: that of the package, with -mutants)")
    .option("--out <dir>", "the suite's folder (default: suites/<name>)")
    .option("--strength", "change each solution and count what its tests do not notice", false)
    .option("--drop-weak", "leave out tasks with a weak oracle (measures as --strength does)", false)
    .option("--allow-dirty", "take uncommitted changes along", false)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite mutate --repo ../my-crate --max 40 --kinds compile,boundary\n")
    .action((options) => run(async () => (await import("./mutate.ts")).mutate(options)));
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
    .option("--strength", "change each repair and count what its tests do not notice", false)
    .option("--drop-weak", "leave out tasks with a weak oracle (measures as --strength does)", false)
    .option("--features <a,b>", "build and test with these cargo features too", names)
    .option("--all-features", "build and test with all cargo features", false)
    .option("--out <dir>", "folder of the suite (default: suites/<name>)")
    .option("--name <name>", "name of the suite (default: <folder of the repository>-mined)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite mine --repo ../my-crate --since v1.0.0 --max 10\n")
    .action((options) => run(async () => (await import("./mine.ts")).mine(options)));
  suite
    .command("import <source>")
    .description("a suite from tasks made elsewhere: SWE-bench-style JSON lines, Exercism exercises, Harbor or Terminal-Bench folders")
    .addOption(new Option("--format <format>", "what the source is").choices(["swe-bench", "exercism", "harbor"]).makeOptionMandatory())
    .option("--repo <dir>", "git repository that the instances' commits are in (swe-bench); it is only read")
    .option("--repeats <n>", "repeats that must agree", whole(1, 20), 2)
    .option("--strength", "change each repair and count what its tests do not notice", false)
    .option("--drop-weak", "leave out tasks with a weak oracle (measures as --strength does)", false)
    .option("--features <a,b>", "build and test with these cargo features too", names)
    .option("--all-features", "build and test with all cargo features", false)
    .option("--out <dir>", "folder of the suite (default: suites/<name>)")
    .option("--name <name>", "name of the suite (default: <source>-imported)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite import --format swe-bench tasks.jsonl --repo ../my-crate\n")
    .action((source, options) => run(async () => (await import("./import.ts")).importSuite(source, options)));
  suite
    .command("export <suite>")
    .description("a suite as SWE-bench-style JSON lines, with the commits that they name as a git stream")
    .addOption(new Option("--format <format>", "what to write").choices(["swe-bench"]).default("swe-bench"))
    .option("--out <dir>", "folder to make (default: exports/<suite>)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff suite export reflex-patchloop-v1 --out /tmp/tasks\n")
    .action((name, options) => run(async () => (await import("./export.ts")).exportSuite(name, options)));
}
