// What was measured of a candidate's attempts, by the gate's statistics.
import type { CandidateFacts, Measure } from "./facts.ts";
import type { GateStatistics, Sample } from "./statistics/statistics.ts";

export const samplesOf = (statistics: GateStatistics, { attempts }: CandidateFacts, measure: Measure): readonly Sample[] =>
  attempts.flatMap((attempt) => {
    const value = statistics.measured(attempt)[measure];
    return value === null ? [] : [{ task: attempt.task, value }];
  });
