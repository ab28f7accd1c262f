// pass@k: the chance that at least one of k trials of a task passes.
import { invariant } from "../../base/errors.ts";
import type { Estimate, TaskTally } from "./interval.ts";
import { checkCounts, clusteredMean, wilson } from "./interval.ts";

/**
 * The mean pass@k over the tasks with at least k trials (`n` says how many): Wilson when each has exactly k, so that a
 * task either passes or not, else the clustered mean. With k = 1 it is the pass rate. Source: Chen et al. 2021.
 */
export function passAtK(perTask: readonly TaskTally[], k: number, confidence = 0.95): Estimate {
  invariant(Number.isSafeInteger(k) && k >= 1, `pass@${k}: k is at least 1`);
  for (const { passes, trials } of perTask) checkCounts(passes, trials);
  const rated = perTask.filter(({ trials }) => trials >= k);
  if (rated.every(({ trials }) => trials === k)) {
    return wilson(rated.filter(({ passes }) => passes > 0).length, rated.length, confidence);
  }
  const taskMeans = rated.map((tally) => estimateTask(tally, k));
  return clusteredMean(taskMeans, confidence);
}

/** 1 − C(n−c, k) / C(n, k) as a product, so that nothing overflows. Source: Chen et al. 2021, figure 3. */
function estimateTask({ passes, trials }: TaskTally, k: number): number {
  const failures = trials - passes;
  if (failures < k) return 1;
  let allFail = 1;
  for (let size = failures + 1; size <= trials; size += 1) allFail *= 1 - k / size;
  return 1 - allFail;
}
