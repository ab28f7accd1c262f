// The flags of `bakeoff latency`.
import { type OptionsOf, text, toggle, value } from "../command.ts";
import { json, names, numbers, policy, whole } from "../options.ts";

export const latencyFlags = {
  candidates: value("<a,b>", "candidates to time (default: those whose server answers)", names),
  suite: text("<name|dir>", "suite whose prompts are sent (default: reflex-patchloop-v1)"),
  rounds: value("<n>", "interleaved rounds", whole(1, 10_000), 5),
  requests: value("<n>", "requests of one block: one candidate, prefix and load in one round", whole(1, 100_000), 16),
  concurrency: value("<n,n>", "so many callers at a time, a closed loop each (default: 1)", numbers(1, 256)),
  rate: value("<r,r>", "requests a second, an open loop each, at Poisson times", numbers(0.001, 10_000)),
  cold: toggle("only prompts that the server has not seen"),
  warm: toggle("only prompts whose beginning it has just seen"),
  policy,
  seed: value("<n>", "seed of the send times", whole(0, 2 ** 31), 1),
  out: text("<file.jsonl>", "also write one line a candidate, prefix and load, in the keys of SGLang's bench"),
  json,
};

export type LatencyOptions = OptionsOf<typeof latencyFlags>;
