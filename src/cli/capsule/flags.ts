// The `capsule` commands of the command line.
import { type Command, InvalidArgumentError } from "commander";
import type { Run } from "../flags.ts";

const collect = (word: string, before: readonly string[]): readonly string[] => [...before, word];

function atLeast(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= 1_000_000) return value;
    throw new InvalidArgumentError(`It must be a number from ${least}.`);
  };
}

function count(text: string): number {
  const value = atLeast(0)(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError("It must be a whole number.");
}

const trusting = (command: Command): Command =>
  command
    .option("--key <public-key>", "trust this public key (raw ed25519, base64); may be repeated", collect, [])
    .option("--trusted <file>", "trust the public keys in this file, one a line");

export function capsuleCommands(program: Command, run: Run): void {
  const capsule = program
    .command("capsule")
    .description("look at stored runs, check them, hand them over")
    .addHelpText("after", "\nExample:\n  bakeoff capsule list\n");
  looking(capsule, run);
  describing(capsule, run);
  checking(capsule, run);
  handing(capsule, run);
  keeping(capsule, run);
}

function looking(capsule: Command, run: Run): void {
  capsule
    .command("list")
    .description("the capsules of this folder, newest first")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff capsule list\n")
    .action((options) => run(async () => (await import("./capsule.ts")).list(options)));
  capsule
    .command("show <capsule>")
    .description("what is in a capsule; or the proof that an event is")
    .option("--prove <event>", "print the inclusion proof of an event, by its number in the capsule (from 0) or its address, as JSON")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff capsule show capsules/RUN.capsule.jsonl --prove 17 > proof.json\n")
    .action((path, options) => run(async () => (await import("./capsule.ts")).show(path, options)));
  capsule
    .command("events <capsule>")
    .description("the events of a capsule, one a line")
    .option("--trial <id>", "only this trial's (CANDIDATE/TASK/EPOCH)")
    .option("--type <name>", "only events of this type")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff capsule events capsules/RUN.capsule.jsonl --type RoutingDecision\n")
    .action((path, options) => run(async () => (await import("./capsule.ts")).events(path, options)));
}

function describing(capsule: Command, run: Run): void {
  capsule
    .command("schema")
    .description("the JSON Schema of a capsule's lines, of the format that this version writes")
    .addHelpText("after", "\nExample:\n  bakeoff capsule schema > capsule-line.schema.json\n")
    .action(() => run(async () => (await import("./capsule.ts")).schema()));
}

function checking(capsule: Command, run: Run): void {
  trusting(capsule.command("verify <capsule>"))
    .description("check a capsule's hashes, order, seal and signature")
    .option("--require-signature", "fail where no trusted key has signed", false)
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff capsule verify capsules/RUN.capsule.jsonl --trusted keys.txt --require-signature\n")
    .action((path, options) => run(async () => (await import("./check.ts")).verify(path, options)));
  trusting(capsule.command("check-proof <file>"))
    .description("check an inclusion proof, without the capsule")
    .addHelpText("after", "\nExample:\n  bakeoff capsule check-proof proof.json\n")
    .action((file, options) => run(async () => (await import("./check.ts")).checkProof(file, options)));
  capsule
    .command("sign <capsule>")
    .description("sign a sealed capsule (ed25519; the key from --key, --new-key or BAKEOFF_SIGNING_KEY)")
    .option("--key <file>", "private key, PKCS #8 PEM")
    .option("--new-key <file>", "make a key in this new file, and sign with it")
    .addHelpText("after", "\nExample:\n  bakeoff capsule sign capsules/RUN.capsule.jsonl --new-key ~/bakeoff.pem\n")
    .action((path, options) => run(async () => (await import("./check.ts")).sign(path, options)));
}

function handing(capsule: Command, run: Run): void {
  capsule
    .command("export <capsule>")
    .description("one file to hand over: the capsule, its signature, the policy and a manifest")
    .option("--safe", "leave out prompts, answers, patched files and tool output; their hashes stay (default by policy)")
    .option("--full", "leave nothing out")
    .option("--encrypt", "encrypt with age (for the recipients, or under the passphrase)", false)
    .option("--recipient <key>", "age public key to encrypt for; may be repeated", collect, [])
    .option("--passphrase-file <file>", "file with the passphrase in its first line (default: BAKEOFF_PASSPHRASE)")
    .option("--mv2", "a Memvid .mv2 instead of a tar", false)
    .option("--out <file>", "file to write (default: named after the run)")
    .option("--policy <file>", "policy file that says whether exports are safe by default")
    .addHelpText("after", "\nExample:\n  bakeoff capsule export capsules/RUN.capsule.jsonl --full --recipient age1…\n")
    .action((path, options) => run(async () => (await import("./shelf.ts")).exportTo(path, options)));
  trusting(capsule.command("import <file>"))
    .description("take in a capsule or an export; everything is checked, and it stays read-only")
    .option("--identity <file>", "file with the age secret key that opens it")
    .option("--passphrase-file <file>", "file with the passphrase in its first line (default: BAKEOFF_PASSPHRASE)")
    .addHelpText("after", "\nExample:\n  bakeoff capsule import RUN.tar.age --identity ~/age.txt\n")
    .action((file, options) => run(async () => (await import("./shelf.ts")).importFrom(file, options)));
}

function keeping(capsule: Command, run: Run): void {
  capsule
    .command("prune")
    .description("remove old sealed capsules; only says which, without --yes")
    .option("--keep <n>", "keep so many of the newest", count)
    .option("--older-than <days>", "take only those begun longer ago", atLeast(0))
    .option("--yes", "do it", false)
    .addHelpText("after", "\nExample:\n  bakeoff capsule prune --keep 20 --older-than 90 --yes\n")
    .action((options) => run(async () => (await import("./shelf.ts")).prune(options)));
  capsule
    .command("attach <capsule> <files...>")
    .description("store files beside a sealed capsule, with their hashes; the capsule itself is never rewritten")
    .addHelpText("after", "\nExample:\n  bakeoff capsule attach capsules/RUN.capsule.jsonl reports/RUN/replay_report.md\n")
    .action((path, files) => run(async () => (await import("./shelf.ts")).attach(path, files)));
}
