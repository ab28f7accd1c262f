// The number that a task has where tasks are pull requests: made of its id, since suites have no numbers.
import { sha256 } from "../../base/canonical.ts";

/** The owner of all repositories that a suite stands for. */
export const PULL_OWNER = "bakeoff";

/** From 1 to 2^28; the same for ever. */
export const pullNumber = (task: string): number => Number.parseInt(sha256(task).slice(0, 7), 16) + 1;

/** As Multi-SWE-bench names an instance. */
export const pullName = (suite: string, task: string): string => `${PULL_OWNER}/${suite}:pr-${pullNumber(task)}`;
