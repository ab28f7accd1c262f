// The commands about model servers: `latency`, `serve`, and `doctor`.
import { type Command } from "commander";
import { names, numbers, whole, type Run } from "../flags.ts";

export function doctorCommand(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("what is there, what is missing, how to get it")
    .option("--policy <file>", "policy file; candidates.toml lies beside it")
    .option("--prune <days>", "remove prepared bases that were not used for so many days (0: all)", whole(0, 10_000))
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff doctor --prune 14\n")
    .action((options) => run(async () => (await import("./doctor.ts")).doctor(options)));
}

export function latencyCommand(program: Command, run: Run): void {
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
    .action((options) => run(async () => (await import("./latency.ts")).latency(options)));
}

export function serveCommand(program: Command, run: Run): void {
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
    .action((name, command, options) => run(async () => (await import("./serve.ts")).serve(name, command, options)));
}
