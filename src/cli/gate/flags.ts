// The words of `bakeoff gate`, `gate register` and `gate verify`.
import { command, type OptionsOf, required, several, text } from "../command.ts";
import { json, key, policy } from "../options.ts";

const gateFlags = {
  candidate: required(several("name", "the alternatives; several at once share the level (Holm)")),
  incumbent: text("<name>", "what it is compared with (default: the policy's reflex candidate)"),
  capsule: several("file", "the runs to decide on (default: the newest that holds them all)"),
  registration: text("<file>", "the registration that was made before the run"),
  override: text("<reason>", "pass it all the same: needs --by and a key; never past a stand-in"),
  by: text("<name>", "who overrides"),
  junit: text("<file>", "write JUnit XML there"),
  key,
  json,
};
export type GateOptions = OptionsOf<typeof gateFlags>;

const registerFlags = {
  candidate: required(several("name", "the alternatives")),
  incumbent: text("<name>", "what they will be compared with (default: the policy's reflex candidate)"),
  suite: text("<name|dir>", "the suite that will be run (default: reflex-patchloop-v1)"),
  policy,
  out: text("<file>", "where to write it (default: reports/gates/)"),
  key,
};
export type RegisterOptions = OptionsOf<typeof registerFlags>;

const verifyFlags = {
  trust: several("key", "public keys (base64) to trust beside the policy's"),
  key,
  json,
};
export type GateVerifyOptions = OptionsOf<typeof verifyFlags>;

export const gateCommand = command({
  does: "may a candidate take the incumbent's place: promote (0), hold (10) or inconclusive (11)",
  flags: gateFlags,
  example: "bakeoff gate --candidate qwen3-coder-30b-a3b-awq --incumbent gpt-oss-20b",
  run: async (options) => (await import("./action.ts")).gate(options),
  commands: {
    register: command({
      does: "sign policy, criteria, suite and candidates before a run",
      flags: registerFlags,
      example: "bakeoff gate register --candidate qwen3-coder-30b-a3b-awq --key release.pem",
      run: async (options) => (await import("./action.ts")).register(options),
    }),
    verify: command({
      does: "check a decision: registration, capsules, policy, and that it comes out again",
      takes: ["<decision>"],
      flags: verifyFlags,
      example: "bakeoff gate verify reports/gates/DECISION.json",
      run: async (options, decision: string) => (await import("./action.ts")).verify(decision, options),
    }),
  },
});
