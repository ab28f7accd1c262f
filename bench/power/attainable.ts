// What no valid test can exceed with few families, where a test that knows the variance promotes in nine of ten runs.
import { createRandom } from "../../src/core/base/random.ts";
import { normalQuantile, tQuantile } from "../../src/core/metrics/statistics/special.ts";

const DRAWS = 20_000;

export interface Attainable {
  /** Student's t where family means are normal: the most powerful unbiased test that does not know their variance. Source: Lehmann & Romano 2005, 5.2. */
  readonly student: number;
  /** All means above the margin: the one outcome of 2^families that a sign test may reject on; of more families it may reject on more. */
  readonly signs: number;
  /** Whatever families are: that a share of them is lost wholly, and none of those was drawn, may promote in no more runs than α. */
  readonly unseen: number;
}

/** `difference`: where the knowing test promotes in nine of ten; `margin`: five points worse is −0.05. */
export function attainable(families: number, alpha: number, difference: number, margin: number): Attainable {
  const random = createRandom(`attainable/${families}`);
  const lead = (normalQuantile(1 - alpha) + normalQuantile(0.9)) / Math.sqrt(families);
  const quantile = tQuantile(1 - alpha, families - 1);
  let [byStudent, bySigns] = [0, 0];
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const means = Array.from({ length: families }, () => lead + normalQuantile(1 - random.next() || 0.5));
    const mean = means.reduce((sum, value) => sum + value, 0) / families;
    const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    if (mean > quantile * Math.sqrt(squares / (families * (families - 1)))) byStudent += 1;
    if (means.every((value) => value > 0)) bySigns += 1;
  }
  const lost = (difference - margin) / (1 + difference);
  return { student: byStudent / DRAWS, signs: bySigns / DRAWS, unseen: Math.min(1, alpha / (1 - lost) ** families) };
}
