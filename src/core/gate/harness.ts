// How sound the measuring itself was: trials lost to our own side, and the same tree judged differently twice.
import type { RunRecord } from "../capsule/record.ts";

export interface HarnessFacts {
  /** Finished trials of all candidates and risks. */
  readonly trials: number;
  /** Those of them that our own side lost. */
  readonly infrastructure: number;
  /** Trees of a task that were verified more than once. */
  readonly repeatedTrees: number;
  /** Those of them whose verdicts were not all the same. */
  readonly disagreeing: number;
}

/** Over all runs at once: a tree may come again in another run. */
export function harnessFacts(records: readonly RunRecord[]): HarnessFacts {
  const verdicts = new Map<string, string[]>();
  let trials = 0;
  let infrastructure = 0;
  for (const { state, task } of records.flatMap((record) => record.trials)) {
    if (state.unlocked === null) continue;
    trials += 1;
    if (state.unlocked.outcome === "Skip") infrastructure += 1;
    for (const { patches, result } of state.attempts) {
      const { status } = result.verdict;
      if (result.reused || status === "infrastructure" || status === "patch-rejected") continue;
      const key = `${task.digest} ${patches[0]?.patch_id ?? "unchanged"}`;
      const known = verdicts.get(key);
      if (known) known.push(status);
      else verdicts.set(key, [status]);
    }
  }
  const repeated = [...verdicts.values()].filter((statuses) => statuses.length > 1);
  return { trials, infrastructure, repeatedTrees: repeated.length, disagreeing: repeated.filter((statuses) => new Set(statuses).size > 1).length };
}
