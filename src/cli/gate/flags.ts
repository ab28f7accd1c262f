// The flags of the `gate` commands.
import { type OptionsOf, required, several, text } from "../command.ts";
import { json, key, policy } from "../options.ts";

export const gateFlags = {
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

export const gateRegisterFlags = {
  candidate: required(several("name", "the alternatives")),
  incumbent: text("<name>", "what they will be compared with (default: the policy's reflex candidate)"),
  suite: text("<name|dir>", "the suite that will be run (default: reflex-patchloop-v1)"),
  policy,
  out: text("<file>", "where to write it (default: reports/gates/)"),
  key,
};
export type RegisterOptions = OptionsOf<typeof gateRegisterFlags>;

export const gateVerifyFlags = {
  trust: several("key", "public keys (base64) to trust beside the policy's"),
  key,
  json,
};
export type GateVerifyOptions = OptionsOf<typeof gateVerifyFlags>;
