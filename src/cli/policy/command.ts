// The `policy` commands.
import { command, group } from "../command.ts";
import {
  policyBumpFlags,
  policyDiffFlags,
  policyInitFlags,
  policyScenarioFlags,
  policyShowFlags,
  policySignFlags,
  policySnapshotFlags,
  policyValidateFlags,
} from "./flags.ts";

export const policyCommand = group({
  does: "the model policy",
  example: "bakeoff policy validate",
  byDefault: "validate",
  commands: {
    validate: command({
      does: "check the policy, its rules, its version and its signature; every issue at once",
      takes: ["[file]"],
      flags: policyValidateFlags,
      example: "bakeoff policy validate --against main",
      run: async (options, file: string | undefined) => (await import("./validate.ts")).policyValidate(file, options),
    }),
    show: command({
      does: "each value of the policy, or of a stored snapshot, with the layer that it comes from",
      takes: ["[file]"],
      flags: policyShowFlags,
      example: "bakeoff policy show",
      run: async (options, file: string | undefined) => (await import("./show.ts")).policyShow(file, options),
    }),
    explain: command({
      does: "what a key does, what it is here, who reads it, and which golden scenarios hold it",
      takes: ["<key>"],
      flags: policyShowFlags,
      example: "bakeoff policy explain reflex.max_attempts",
      run: async (options, key: string) => (await import("./explain.ts")).policyExplain(key, options),
    }),
    init: command({
      does: "a further policy of the home, policies/NAME, begun as the one that comes with the package; nothing is written over",
      takes: ["<name>"],
      flags: policyInitFlags,
      example: "bakeoff policy init careful",
      run: async (options, name: string) => (await import("./init.ts")).policyInit(name, options),
    }),
    scenario: group({
      does: "golden scenarios, which the policy must come to",
      example: "bakeoff policy scenario add RUN CANDIDATE/TASK --should cloud",
      commands: {
        add: command({
          does: "hold the policy to a decision of a recorded trial, as it is or as it should have been",
          takes: ["<run>", "<trial>"],
          flags: policyScenarioFlags,
          example: "bakeoff policy scenario add RUN CANDIDATE/TASK --should cloud",
          run: async (options, run: string, trial: string) => (await import("./scenario.ts")).policyScenarioAdd([run, trial], options),
        }),
      },
    }),
    snapshot: command({
      does: "print the compiled PolicySnapshot.json, exactly as a run keeps it",
      flags: policySnapshotFlags,
      example: "bakeoff policy snapshot > PolicySnapshot.json",
      run: async (options) => (await import("./snapshot.ts")).policySnapshot(options),
    }),
    diff: command({
      does: "what differs between two policies and what it means (files, snapshots or git revisions; default: HEAD and the working tree)",
      takes: ["[before]", "[after]"],
      flags: policyDiffFlags,
      example: "bakeoff policy diff HEAD",
      run: async (options, ...words: (string | undefined)[]) =>
        (await import("./diff.ts")).policyDiff(
          words.filter((word) => word !== undefined),
          options,
        ),
    }),
    bump: command({
      does: "write the version that the changes ask for, and an entry in CHANGELOG.md beside the policy",
      flags: policyBumpFlags,
      example: 'bakeoff policy bump --reason "Two more reflex attempts"',
      run: async (options) => (await import("./bump.ts")).policyBump(options),
    }),
    sign: command({
      does: "sign the policy's hash (ed25519, DSSE) into a .sig.json beside it",
      flags: policySignFlags,
      example: "bakeoff policy sign --new-key policy-key.pem",
      run: async (options) => (await import("./sign.ts")).policySign(options),
    }),
  },
});
