// The commands that run, replay and report.
import { type Command } from "commander";
import { formats, names, whole, withLayers, type Run } from "../flags.ts";

export function runCommand(program: Command, run: Run): void {
  withLayers(program.command("run"))
    .description("the bakeoff: every task by every candidate through the whole policy; a table, a capsule, a report")
    .option("--suite <name|dir>", "suite to run (default: reflex-patchloop-v1)")
    .option("--candidates <a,b>", "candidates to try (default: the embedded ones, and those whose server answers)", names)
    .option("--epochs <n>", "repeats of each task (default: 1; with --until-decided, what the gate wants)", whole(1, 1000))
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
    .option("--registration <file>", "with --until-decided: what was registered before")
    .option("--looks <n>", "with --until-decided: how often to look at most", whole(1, 20), 4)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff run --suite reflex-patchloop-v1 --candidates gpt-oss-20b,rustc-suggestions --epochs 3\n")
    .action((options) => run(async () => (await import("./run.ts")).run(options)));
}

export function replayCommand(program: Command, run: Run): void {
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
    .action((capsule, options) => run(async () => (await import("./replay.ts")).replay(capsule, options)));
}

export function reportCommand(program: Command, run: Run): void {
  program
    .command("report <capsule>")
    .description("reports from a stored capsule")
    .option("--format <formats>", "comma-separated: md, html, csv, json, svg, junit, inspect", formats, ["md"])
    .option("--out <dir>", "write files there instead of to stdout")
    .addHelpText("after", "\nExample:\n  bakeoff report capsules/RUN.capsule.jsonl --format md,csv --out /tmp/report\n")
    .action((capsule, options) => run(async () => (await import("./report.ts")).report(capsule, options)));
}
