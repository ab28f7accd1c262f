// The paired difference between two candidates' pass rates as a finding: what the criteria that compare share.
import { tasksForDifference } from "../../../metrics/statistics/sample-size.ts";
import type { CandidateFacts } from "../../facts.ts";
import { confidenceOf, interval, type Judged } from "../../finding.ts";
import { discordance, pairUp } from "../../pairing.ts";
import type { GateStatistics } from "../../statistics/statistics.ts";

interface Comparison {
  readonly statistics: GateStatistics;
  readonly candidate: CandidateFacts;
  readonly other: CandidateFacts;
  readonly threshold: number;
  /** The value itself must lie above this too. */
  readonly floor?: number;
  readonly alpha: number;
  readonly wanted: string;
}

export function difference({ statistics, candidate, other, threshold, floor = -1, alpha, wanted }: Comparison): Judged {
  const pairing = pairUp(candidate, other);
  const estimate = statistics.difference(pairing, confidenceOf(alpha));
  const base = { estimate, threshold, wants: "more-than" as const, unit: "points" as const };
  const what = `pass rate against ${other.name}`;
  if (estimate.value === null || estimate.low === null || estimate.high === null)
    return { ...base, outcome: "inconclusive", says: `${what}: no task counts for both`, moreTasks: null };
  const met = estimate.low > threshold && estimate.value > floor;
  const outcome = met ? "met" : estimate.high <= threshold ? "violated" : "inconclusive";
  const moreTasks = outcome === "inconclusive" ? tasksForDifference(estimate, discordance(pairing.pairs), threshold, confidenceOf(alpha)) : null;
  return { ...base, outcome, says: `${what}: ${interval(estimate, "points")}; ${wanted}`, moreTasks };
}
