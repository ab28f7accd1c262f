// The words of the `capsule` commands.
import { command, group, type OptionsOf, repeated, text, toggle, value } from "../command.ts";
import { atLeast, count, json } from "../options.ts";

const trusting = {
  key: repeated("<public-key>", "trust this public key (raw ed25519, base64); may be repeated"),
  trusted: text("<file>", "trust the public keys in this file, one a line"),
};
const passphraseFile = text("<file>", "file with the passphrase in its first line (default: BAKEOFF_PASSPHRASE)");

const listFlags = { json };
export type CapsuleListOptions = OptionsOf<typeof listFlags>;

const showFlags = {
  prove: text("<event>", "print the inclusion proof of an event, by its number in the capsule (from 0) or its address, as JSON"),
  json,
};
export type CapsuleShowOptions = OptionsOf<typeof showFlags>;

const eventsFlags = {
  trial: text("<id>", "only this trial's (CANDIDATE/TASK/EPOCH)"),
  type: text("<name>", "only events of this type"),
  json,
};
export type CapsuleEventsOptions = OptionsOf<typeof eventsFlags>;

const verifyFlags = { ...trusting, requireSignature: toggle("fail where no trusted key has signed"), json };
export type CapsuleVerifyOptions = OptionsOf<typeof verifyFlags>;

export type CheckProofOptions = OptionsOf<typeof trusting>;

const signFlags = {
  key: text("<file>", "private key, PKCS #8 PEM"),
  newKey: text("<file>", "make a key in this new file, and sign with it"),
};
export type CapsuleSignOptions = OptionsOf<typeof signFlags>;

const exportFlags = {
  safe: toggle("leave out prompts, answers, patched files and tool output; their hashes stay (default by policy)"),
  full: toggle("leave nothing out"),
  encrypt: toggle("encrypt with age (for the recipients, or under the passphrase)"),
  recipient: repeated("<key>", "age public key to encrypt for; may be repeated"),
  passphraseFile,
  mv2: toggle("a Memvid .mv2 instead of a tar"),
  out: text("<file>", "file to write (default: named after the run)"),
  policy: text("<file>", "policy file that says whether exports are safe by default"),
};
export type CapsuleExportOptions = OptionsOf<typeof exportFlags>;

const importFlags = { ...trusting, identity: text("<file>", "file with the age secret key that opens it"), passphraseFile };
export type CapsuleImportOptions = OptionsOf<typeof importFlags>;

const pruneFlags = {
  keep: value("<n>", "keep so many of the newest", count),
  olderThan: value("<days>", "take only those begun longer ago", atLeast(0)),
  yes: toggle("do it"),
};
export type CapsulePruneOptions = OptionsOf<typeof pruneFlags>;

export const capsuleCommand = group({
  does: "look at stored runs, check them, hand them over",
  example: "bakeoff capsule list",
  commands: {
    list: command({
      does: "the capsules of this folder, newest first",
      flags: listFlags,
      example: "bakeoff capsule list",
      run: async (options) => (await import("./look.ts")).list(options),
    }),
    show: command({
      does: "what is in a capsule; or the proof that an event is",
      takes: ["<capsule>"],
      flags: showFlags,
      example: "bakeoff capsule show capsules/RUN.capsule.jsonl --prove 17 > proof.json",
      run: async (options, capsule: string) => (await import("./look.ts")).show(capsule, options),
    }),
    events: command({
      does: "the events of a capsule, one a line",
      takes: ["<capsule>"],
      flags: eventsFlags,
      example: "bakeoff capsule events capsules/RUN.capsule.jsonl --type RoutingDecision",
      run: async (options, capsule: string) => (await import("./look.ts")).events(capsule, options),
    }),
    schema: command({
      does: "the JSON Schema of a capsule's lines, of the format that this version writes",
      flags: {},
      example: "bakeoff capsule schema > capsule-line.schema.json",
      run: async () => (await import("./look.ts")).schema(),
    }),
    verify: command({
      does: "check a capsule's hashes, order, seal and signature",
      takes: ["<capsule>"],
      flags: verifyFlags,
      example: "bakeoff capsule verify capsules/RUN.capsule.jsonl --trusted keys.txt --require-signature",
      run: async (options, capsule: string) => (await import("./check.ts")).verify(capsule, options),
    }),
    "check-proof": command({
      does: "check an inclusion proof, without the capsule",
      takes: ["<file>"],
      flags: trusting,
      example: "bakeoff capsule check-proof proof.json",
      run: async (options, file: string) => (await import("./check.ts")).checkProof(file, options),
    }),
    sign: command({
      does: "sign a sealed capsule (ed25519; the key from --key, --new-key or BAKEOFF_SIGNING_KEY)",
      takes: ["<capsule>"],
      flags: signFlags,
      example: "bakeoff capsule sign capsules/RUN.capsule.jsonl --new-key ~/bakeoff.pem",
      run: async (options, capsule: string) => (await import("./check.ts")).sign(capsule, options),
    }),
    export: command({
      does: "one file to hand over: the capsule, its signature, the policy and a manifest",
      takes: ["<capsule>"],
      flags: exportFlags,
      example: "bakeoff capsule export capsules/RUN.capsule.jsonl --full --recipient age1…",
      run: async (options, capsule: string) => (await import("./shelf.ts")).exportTo(capsule, options),
    }),
    import: command({
      does: "take in a capsule or an export; everything is checked, and it stays read-only",
      takes: ["<file>"],
      flags: importFlags,
      example: "bakeoff capsule import RUN.tar.age --identity ~/age.txt",
      run: async (options, file: string) => (await import("./shelf.ts")).importFrom(file, options),
    }),
    prune: command({
      does: "remove old sealed capsules; only says which, without --yes",
      flags: pruneFlags,
      example: "bakeoff capsule prune --keep 20 --older-than 90 --yes",
      run: async (options) => (await import("./shelf.ts")).prune(options),
    }),
    attach: command({
      does: "store files beside a sealed capsule, with their hashes; the capsule itself is never rewritten",
      takes: ["<capsule>", "<files...>"],
      flags: {},
      example: "bakeoff capsule attach capsules/RUN.capsule.jsonl reports/RUN/replay_report.md",
      run: async (_, capsule: string, files: readonly string[]) => (await import("./shelf.ts")).attach(capsule, files),
    }),
  },
});
