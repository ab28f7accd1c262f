// The flags of the `candidate` commands.
import { type OptionsOf, required, text, toggle } from "../command.ts";
import { json, policy } from "../options.ts";

export const candidateAddFlags = {
  endpoint: required(text("<url>", "the server's address, up to /v1")),
  model: text("<id>", "the model by the server's own name (default: the only one that it serves)"),
  keyEnv: text("<var>", "the variable that holds the server's key (default: it wants none)"),
  start: text("<line>", "the command that starts the server, for serve (default: none)"),
  policy,
};
export type CandidateAddOptions = OptionsOf<typeof candidateAddFlags>;

export const candidateListFlags = {
  changedFrom: text("<rev>", "only those that this git revision does not have just so"),
  names: toggle("their names alone, one a line"),
  forGate: toggle("names alone, and with them whom a gate compares them with: all that one run needs"),
  policy,
  json,
};
export type CandidateListOptions = OptionsOf<typeof candidateListFlags>;

export const candidateTestFlags = {
  ask: toggle("ask it once, with a run's first prompt and schema: a call that is paid for"),
  policy,
};
export type CandidateTestOptions = OptionsOf<typeof candidateTestFlags>;

export const candidateFlags = { policy };
export type CandidateOptions = OptionsOf<typeof candidateFlags>;
