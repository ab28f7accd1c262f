// `bakeoff show` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { showTrialFlags } from "./flags.ts";

export const showTrialCommand = command({
  does: "why a trial came out as it did: prompt, answer, patch, compiler and tests, attempt below attempt",
  takes: ["[run]", "[trial]"],
  flags: showTrialFlags,
  example: "bakeoff show RUN gpt-oss-20b/borrow-checker-03/1 --attempt 2",
  notes:
    "Without a run: the newest. Without a trial: the run's trials, those worth looking at first. CANDIDATE/TASK stands for its first epoch. A+B: two runs as one.",
  run: async (options, run: string | undefined, trial: string | undefined) => (await import("./action.ts")).showTrial(run, trial, options),
});
