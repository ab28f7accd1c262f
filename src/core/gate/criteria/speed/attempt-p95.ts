// Are whole attempts quick enough?
import { percentileWithin } from "./percentile.ts";

export const attemptP95 = percentileWithin({
  sentence: "Nineteen of twenty attempts, verification included, are quick enough.",
  measure: "attemptMs",
  what: "attempts",
  limit: ({ p95_attempt_ms }) => p95_attempt_ms,
});
