// The `capsule` commands.
import { command, group, homeless } from "../command.ts";
import { checkProofFlags, eventsFlags, exportFlags, importFlags, listFlags, pruneFlags, showFlags, signFlags, verifyFlags } from "./flags.ts";

export const capsuleCommand = group({
  does: "look at stored runs, check them, hand them over",
  example: "bakeoff capsule list",
  commands: {
    list: command({
      does: "the capsules of this folder, newest first",
      flags: listFlags,
      example: "bakeoff capsule list",
      run: async (options) => (await import("./list.ts")).listStored(options),
    }),
    show: command({
      does: "what is in a capsule; or the proof that an event is",
      takes: ["<capsule>"],
      flags: showFlags,
      example: "bakeoff capsule show capsules/RUN.capsule.jsonl --prove 17 > proof.json",
      run: async (options, capsule: string) => (await import("./show.ts")).show(capsule, options),
    }),
    events: command({
      does: "the events of a capsule, one a line",
      takes: ["<capsule>"],
      flags: eventsFlags,
      example: "bakeoff capsule events capsules/RUN.capsule.jsonl --type RoutingDecision",
      run: async (options, capsule: string) => (await import("./events.ts")).events(capsule, options),
    }),
    schema: homeless({
      does: "the JSON Schema of a capsule's lines, of the format that this version writes",
      flags: {},
      example: "bakeoff capsule schema > capsule-line.schema.json",
      run: async () => (await import("./schema.ts")).schema(),
    }),
    verify: command({
      does: "check a capsule's hashes, order, seal and signature",
      takes: ["<capsule>"],
      flags: verifyFlags,
      example: "bakeoff capsule verify capsules/RUN.capsule.jsonl --trusted keys.txt --require-signature",
      run: async (options, capsule: string) => (await import("./verify.ts")).verify(capsule, options),
    }),
    "check-proof": command({
      does: "check an inclusion proof, without the capsule",
      takes: ["<file>"],
      flags: checkProofFlags,
      example: "bakeoff capsule check-proof proof.json",
      run: async (options, file: string) => (await import("./check-proof.ts")).checkInclusion(file, options),
    }),
    sign: command({
      does: "sign a sealed capsule (ed25519; the key from --key, --new-key or BAKEOFF_SIGNING_KEY)",
      takes: ["<capsule>"],
      flags: signFlags,
      example: "bakeoff capsule sign capsules/RUN.capsule.jsonl --new-key ~/bakeoff.pem",
      run: async (options, capsule: string) => (await import("./sign.ts")).sign(capsule, options),
    }),
    export: command({
      does: "one file to hand over: the capsule, its signature, the policy and a manifest",
      takes: ["<capsule>"],
      flags: exportFlags,
      example: "bakeoff capsule export capsules/RUN.capsule.jsonl --full --recipient age1…",
      run: async (options, capsule: string) => (await import("./export.ts")).exportTo(capsule, options),
    }),
    import: command({
      does: "take in a capsule or an export; everything is checked, and it stays read-only",
      takes: ["<file>"],
      flags: importFlags,
      example: "bakeoff capsule import RUN.tar.age --identity ~/age.txt",
      run: async (options, file: string) => (await import("./import.ts")).importFrom(file, options),
    }),
    prune: command({
      does: "remove old sealed capsules; only says which, without --yes",
      flags: pruneFlags,
      example: "bakeoff capsule prune --keep 20 --older-than 90 --yes",
      run: async (options) => (await import("./prune.ts")).prune(options),
    }),
    attach: command({
      does: "store files beside a sealed capsule, with their hashes; the capsule itself is never rewritten",
      takes: ["<capsule>", "<files...>"],
      flags: {},
      example: "bakeoff capsule attach capsules/RUN.capsule.jsonl reports/RUN/replay_report.md",
      run: async (options, capsule: string, files: readonly string[]) => (await import("./attach.ts")).attach(capsule, files, options),
    }),
  },
});
