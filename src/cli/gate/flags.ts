// The `gate` commands and `promote`.
import { type Command } from "commander";
import { missing, withKey, type Run } from "../flags.ts";

export function gateCommands(program: Command, run: Run): void {
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
      run(async () => (options.candidate ? (await import("./gate.ts")).gate(options) : missing(command, "--candidate <name...>"))),
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
    .action((_, command: Command) => run(async () => (await import("./gate.ts")).register(command.optsWithGlobals())));
  withKey(gate.command("verify <decision>"))
    .description("check a decision: registration, capsules, policy, and that it comes out again")
    .option("--trust <key...>", "public keys (base64) to trust beside the policy's")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff gate verify reports/gates/DECISION.json\n")
    .action((path, _, command: Command) => run(async () => (await import("./gate.ts")).verify(path, command.optsWithGlobals())));
}

export function promoteCommand(program: Command, run: Run): void {
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
    .action((options) => run(async () => (await import("./promote.ts")).promote(options)));
}
