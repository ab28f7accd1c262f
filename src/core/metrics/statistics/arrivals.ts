// When requests are to be sent: a Poisson process, drawn before the first of them is.
import { invariant } from "../../base/errors.ts";
import type { Random } from "../../base/random.ts";

/**
 * Milliseconds from the start for each of `count` requests, with exponential gaps: no slow answer can put a later request
 * off, so none is left out of the figures. Source: SGLang and vLLM, bench_serving; Knuth, TAOCP 2, § 3.4.1.
 */
export function poissonSchedule(random: Random, ratePerS: number, count: number): readonly number[] {
  invariant(ratePerS > 0 && Number.isFinite(ratePerS), `a rate of ${ratePerS} requests a second`);
  let at = 0;
  return Array.from({ length: count }, () => (at += (-Math.log(1 - random.next()) / ratePerS) * 1000));
}
