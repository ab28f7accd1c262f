// The flags of `bakeoff replay`.
import { type OptionsOf, text, toggle } from "../command.ts";
import { json } from "../options.ts";

export const replayFlags = {
  reexecute: toggle("run cargo again in the sandbox and compare the verdicts"),
  policy: text("<file>", "how the run would have gone under this policy, from the record alone"),
  compare: text("<capsule>", "set another capsule beside it, on the tasks that both have"),
  suite: text("<name|dir>", "where the run's suite lies (default: by its name)"),
  out: text("<dir>", "folder of the report (default: reports/<run-id>)"),
  json,
};

export type ReplayOptions = OptionsOf<typeof replayFlags>;
