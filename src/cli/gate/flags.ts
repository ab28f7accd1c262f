// The flags of the `gate` commands.
import { type OptionsOf, required, several, text, value } from "../command.ts";
import { SEQUENTIAL } from "../../core/gate/level.ts";
import { json, key, oneOf, points, policy, policyFrom, trust, whole } from "../options.ts";

const authority = { policy, policyFrom, trust };

export const gateFlags = {
  candidate: required(several("name", "the alternatives; several at once share the level (Holm)")),
  incumbent: text("<name>", "what it is compared with (default: the policy's reflex candidate)"),
  capsule: several("file", "the runs to decide on (default: the newest that holds them all)"),
  registration: text("<file>", "the registration that the runs began under"),
  override: text("<reason>", "pass it all the same: needs --by and a key; never past a stand-in"),
  by: text("<name>", "who overrides"),
  junit: text("<file>", "write JUnit XML there"),
  comment: text("<file>", "write the body of a pull request's comment: one verdict, then what is significant"),
  ...authority,
  key,
  json,
};
export type GateOptions = OptionsOf<typeof gateFlags>;

export const gateRegisterFlags = {
  candidate: required(several("name", "the alternatives")),
  incumbent: text("<name>", "what they will be compared with (default: the policy's reflex candidate)"),
  suite: text("<name|dir>", "the suite that will be run (default: reflex-patchloop-v1)"),
  task: several("id", "only these tasks will be run"),
  limit: value("<n>", "only so many tasks will be run, drawn by the seed", whole(1, 100_000)),
  epochs: value("<n>", "repeats of each task (default: what the gate wants)", whole(1, 1000)),
  seed: value("<n>", "seed of every draw", whole(0, 2 ** 31), 1),
  runs: value("<n>", "how many runs there will be", whole(1, 1000), 1),
  looks: value("<n>", "for run --until-decided: how often to look at most", whole(1, 20)),
  sequential: value("<betting|spending>", "with --looks: how they share the level", oneOf(SEQUENTIAL), "betting"),
  timestamp: text("<url>", "have an authority stamp the time (RFC 3161)"),
  policy,
  out: text("<file>", "where to write it (default: reports/gates/)"),
  key,
};
export type RegisterOptions = OptionsOf<typeof gateRegisterFlags>;

export const gatePlanFlags = {
  candidate: required(text("<name>", "who is to be promoted")),
  incumbent: text("<name>", "whose place it would take (default: the policy's reflex candidate)"),
  suite: value("<name|dir>", "the suite that will be run", (word: string) => word, "reflex-gate-v1"),
  impossible: value(
    "<name|dir>",
    "the suite of impossible tasks that is run beside it, once, where the policy asks how often it cheats",
    (word: string) => word,
    "impossible-v1",
  ),
  difference: value("<p,p>", "true differences of the pass rates, in points", points, [-5, 0, 2, 5]),
  epochs: value("<n>", "repeats of each task (default: what the gate wants)", whole(1, 1000)),
  alternatives: value("<n>", "candidates that are gated together and share the level (Holm)", whole(1, 1000), 1),
  gatesBefore: value("<n>", "gates registered before in the same chain: they share the level", whole(0, 10_000)),
  capsule: several("file", "runs that difficulties, losses and errors are taken from (default: the newest that holds the incumbent)"),
  simulations: value("<n>", "simulated gates for each figure", whole(20, 100_000), 200),
  seed: value("<n>", "seed of the simulations", whole(0, 2 ** 31), 1),
  policy,
  json,
};
export type GatePlanOptions = OptionsOf<typeof gatePlanFlags>;

export const gateVerifyFlags = { ...authority, json };
export type GateVerifyOptions = OptionsOf<typeof gateVerifyFlags>;
