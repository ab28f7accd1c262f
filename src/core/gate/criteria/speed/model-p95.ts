// Are model calls quick enough?
import { percentileWithin } from "./percentile.ts";

export const modelP95 = percentileWithin({
  sentence: "Nineteen of twenty model calls are quick enough.",
  measure: "modelMs",
  what: "model calls",
  limit: ({ p95_model_ms }) => p95_model_ms,
});
