// McNemar's exact test of whether two candidates differ on the same tasks.
import { binomialCdf } from "./distribution.ts";
import { checkCounts } from "./interval.ts";

/**
 * Two-sided p-value from the discordant tasks: `onlyA` that A alone passes, `onlyB` that B alone passes. 1 if there are none. Source: McNemar 1947, exact conditional form (Fagerland, Lydersen & Laake 2013).
 */
export function exactMcNemar(onlyA: number, onlyB: number): number {
  checkCounts(onlyA, onlyA + onlyB);
  return Math.min(1, 2 * binomialCdf(Math.min(onlyA, onlyB), onlyA + onlyB, 0.5));
}
