// The exit code of a finished run.
import type { TrialRow } from "../../core/report/trial-row.ts";
import { EXIT } from "../text/exit-codes.ts";

/** A run that learned nothing is not done: every trial was lost to our own side, never asked its candidate, or had no answer from its server. */
export const runExitCode = (trials: readonly Pick<TrialRow, "standing" | "serverFailed">[]): number =>
  trials.some(({ standing, serverFailed }) => standing === "counted" && !serverFailed) ? EXIT.done.code : EXIT.environment.code;
