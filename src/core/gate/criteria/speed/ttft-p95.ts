// Do first tokens come soon enough?
import { percentileWithin } from "./percentile.ts";

export const ttftP95 = percentileWithin({
  sentence: "Nineteen of twenty first tokens come soon enough.",
  measure: "ttftMs",
  what: "times to first token",
  limit: ({ p95_ttft_ms }) => p95_ttft_ms,
});
