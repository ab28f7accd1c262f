// The `policy` commands.
import { type Command, Option } from "commander";
import { byDefault, instant, withFile, withLayers, type Run } from "../flags.ts";

export function policyCommands(program: Command, run: Run): void {
  const policy = program.command("policy").description("the model policy").addHelpText("after", "\nExample:\n  bakeoff policy validate\n");
  withLayers(byDefault(policy, "validate"))
    .description("check the policy, its rules, its version and its signature; every issue at once")
    .option("--against <file|revision>", "policy that the version is compared with (default: git HEAD, where there is one)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy validate --against main\n")
    .action((_, options) => run(async () => (await import("./policy.ts")).validate(options)));
  withLayers(policy.command("show [file]"))
    .description("each value of the policy, or of a stored snapshot, with the layer that it comes from")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy show\n")
    .action((file, options) => run(async () => (await import("./policy.ts")).show(file, options)));
  withLayers(policy.command("snapshot"))
    .description("print the compiled PolicySnapshot.json, exactly as a run keeps it")
    .option("--created-at <time>", "the time to write into it, to get the bytes of a stored one (default: now)", instant)
    .option("--out <file>", "write it there instead of to stdout")
    .addHelpText("after", "\nExample:\n  bakeoff policy snapshot > PolicySnapshot.json\n")
    .action((options) => run(async () => (await import("./policy.ts")).printSnapshot(options)));
  policyChangeCommands(policy, run);
}

function policyChangeCommands(policy: Command, run: Run): void {
  withFile(policy.command("diff [before] [after]"))
    .description("what differs between two policies and what it means (files, snapshots or git revisions; default: HEAD and the working tree)")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy diff HEAD\n")
    .action((before, after, options) =>
      run(async () =>
        (await import("./change.ts")).diff(
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
    .action((options) => run(async () => (await import("./change.ts")).bump(options)));
  withLayers(policy.command("sign"))
    .description("sign the policy's hash (ed25519, DSSE) into a .sig.json beside it")
    .option("--key <file>", "PKCS #8 PEM of the key (default: the variable BAKEOFF_SIGNING_KEY)")
    .option("--new-key <file>", "make a key there first")
    .option("--json", "one JSON document on stdout", false)
    .addHelpText("after", "\nExample:\n  bakeoff policy sign --new-key policy-key.pem\n")
    .action((options) => run(async () => (await import("./change.ts")).sign(options)));
}
