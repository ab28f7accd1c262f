// The paired difference between two candidates' pass rates as a finding: what the criteria that compare share.
import { pairedDifference } from "../../../metrics/statistics/paired.ts";
import { tasksForDifference } from "../../../metrics/statistics/sample-size.ts";
import type { CandidateFacts } from "../../facts.ts";
import { confidenceOf, interval, type Judged } from "../../finding.ts";
import { discordance, pairUp } from "../../pairing.ts";

interface Comparison {
  readonly candidate: CandidateFacts;
  readonly other: CandidateFacts;
  readonly threshold: number;
  /** The value itself must lie above this too. */
  readonly floor?: number;
  readonly alpha: number;
  readonly wanted: string;
}

export function difference({ candidate, other, threshold, floor = -1, alpha, wanted }: Comparison): Judged {
  const pairs = pairUp(candidate, other);
  const estimate = pairedDifference(pairs, confidenceOf(alpha));
  const base = { estimate, threshold, wants: "more-than" as const, unit: "points" as const };
  const what = `pass rate against ${other.name}`;
  if (estimate.value === null || estimate.low === null || estimate.high === null)
    return { ...base, outcome: "inconclusive", says: `${what}: no task counts for both`, moreTasks: null };
  const met = estimate.low > threshold && estimate.value > floor;
  const outcome = met ? "met" : estimate.high <= threshold ? "violated" : "inconclusive";
  const moreTasks = outcome === "inconclusive" ? tasksForDifference(estimate, discordance(pairs), threshold, confidenceOf(alpha)) : null;
  return { ...base, outcome, says: `${what}: ${interval(estimate, "points")}; ${wanted}`, moreTasks };
}
