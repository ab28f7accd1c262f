// The flags of `bakeoff replay`.
import { type OptionsOf, repeated, text, toggle, value } from "../command.ts";
import { json, whole } from "../options.ts";

export const replayFlags = {
  reexecute: toggle("run cargo again in the sandbox and compare the verdicts"),
  policy: text("<file>", "how the run would have gone under this policy, from the record alone"),
  bestOf: value("<k>", "with --policy: it is the best of so many that were tried on this run, so that more is due to chance", whole(1, 10_000), 1),
  compare: text("<capsule>", "set another capsule beside it, on the tasks that both have"),
  trust: repeated("<public-key>", "trust this public key (raw ed25519, base64), and say so in the report; may be repeated"),
  suite: text("<name|dir>", "where the run's suite lies (default: by its name)"),
  out: text("<dir>", "folder of the report (default: reports/<run-id>)"),
  json,
};

export type ReplayOptions = OptionsOf<typeof replayFlags>;
