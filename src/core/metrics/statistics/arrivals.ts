// Send times of an open loop: a Poisson process, drawn before the first request is sent.
import { invariant } from "../../base/errors.ts";
import type { Random } from "../../base/random.ts";

/**
 * Milliseconds from the start for each of `count` requests, with exponential gaps: a slow answer can't delay a later request, so
 * none is missing from the figures. Source: SGLang and vLLM, bench_serving; Knuth, TAOCP 2, § 3.4.1.
 */
export function poissonSchedule(random: Random, ratePerS: number, count: number): readonly number[] {
  invariant(ratePerS > 0 && Number.isFinite(ratePerS), `a rate of ${ratePerS} requests a second`);
  let at = 0;
  return Array.from({ length: count }, () => (at += (-Math.log(1 - random.next()) / ratePerS) * 1000));
}
