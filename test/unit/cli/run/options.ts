// The options of `run` as the parser gives them where no flag is given.
import type { RunOptions } from "../../../../src/cli/run/flags.ts";

export const optionsOf = (facts: Partial<RunOptions> = {}): RunOptions => ({
  set: [],
  allowOverride: false,
  capability: false,
  serve: false,
  readyTimeout: 1200,
  lease: 30,
  recheck: 5,
  mixedToolchains: false,
  dryRun: false,
  overrideBudget: false,
  untilDecided: false,
  seed: 1,
  looks: 4,
  sequential: "betting",
  json: false,
  ...facts,
});
