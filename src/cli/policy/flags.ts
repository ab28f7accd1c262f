// The words of the `policy` commands.
import { command, group, type OptionsOf, text, value } from "../command.ts";
import { instant, json, layers, oneOf, policy } from "../options.ts";

const validateFlags = { ...layers, against: text("<file|revision>", "policy that the version is compared with (default: git HEAD, where there is one)"), json };
export type PolicyValidateOptions = OptionsOf<typeof validateFlags>;

const showFlags = { ...layers, json };
export type PolicyShowOptions = OptionsOf<typeof showFlags>;

const snapshotFlags = {
  ...layers,
  createdAt: value("<time>", "the time to write into it, to get the bytes of a stored one (default: now)", instant),
  out: text("<file>", "write it there instead of to stdout"),
};
export type PolicySnapshotOptions = OptionsOf<typeof snapshotFlags>;

const diffFlags = { policy, json };
export type PolicyDiffOptions = OptionsOf<typeof diffFlags>;

const bumpFlags = {
  policy,
  level: value("<level>", "a larger step than needed: patch, minor or major", oneOf(["patch", "minor", "major"])),
  against: text("<file|revision>", "policy before the change (default: git HEAD)"),
  reason: text("<text>", "why, for the changelog"),
  json,
};
export type PolicyBumpOptions = OptionsOf<typeof bumpFlags>;

const signFlags = {
  ...layers,
  key: text("<file>", "PKCS #8 PEM of the key (default: the variable BAKEOFF_SIGNING_KEY)"),
  newKey: text("<file>", "make a key there first"),
  json,
};
export type PolicySignOptions = OptionsOf<typeof signFlags>;

export const policyCommand = group({
  does: "the model policy",
  example: "bakeoff policy validate",
  byDefault: "validate",
  commands: {
    validate: command({
      does: "check the policy, its rules, its version and its signature; every issue at once",
      flags: validateFlags,
      example: "bakeoff policy validate --against main",
      run: async (options) => (await import("./look.ts")).validate(options),
    }),
    show: command({
      does: "each value of the policy, or of a stored snapshot, with the layer that it comes from",
      takes: ["[file]"],
      flags: showFlags,
      example: "bakeoff policy show",
      run: async (options, file: string | undefined) => (await import("./look.ts")).show(file, options),
    }),
    snapshot: command({
      does: "print the compiled PolicySnapshot.json, exactly as a run keeps it",
      flags: snapshotFlags,
      example: "bakeoff policy snapshot > PolicySnapshot.json",
      run: async (options) => (await import("./look.ts")).printSnapshot(options),
    }),
    diff: command({
      does: "what differs between two policies and what it means (files, snapshots or git revisions; default: HEAD and the working tree)",
      takes: ["[before]", "[after]"],
      flags: diffFlags,
      example: "bakeoff policy diff HEAD",
      run: async (options, ...words: (string | undefined)[]) =>
        (await import("./change.ts")).diff(
          words.filter((word) => word !== undefined),
          options,
        ),
    }),
    bump: command({
      does: "write the version that the changes ask for, and an entry in CHANGELOG.md beside the policy",
      flags: bumpFlags,
      example: 'bakeoff policy bump --reason "Two more reflex attempts"',
      run: async (options) => (await import("./change.ts")).bump(options),
    }),
    sign: command({
      does: "sign the policy's hash (ed25519, DSSE) into a .sig.json beside it",
      flags: signFlags,
      example: "bakeoff policy sign --new-key policy-key.pem",
      run: async (options) => (await import("./change.ts")).sign(options),
    }),
  },
});
