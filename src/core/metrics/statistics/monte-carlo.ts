// The p-value of a permutation test, drawn until it is known well enough.
import { invariant } from "../../base/errors.ts";

/** So many draws as extreme as what was observed end the drawing: a p-value that is large need not be exact. */
const ENOUGH_EXTREME = 20;
const MOST_DRAWS = 19_999;

/**
 * A valid p-value (P(p ≤ α) ≤ α where nothing differs): extreme draws over draws where the drawing ended early, else
 * (extreme + 1) / (draws + 1). `isExtreme` draws once, and tells whether the draw is at least as extreme as what was observed.
 * Source: Besag & Clifford 1991, "Sequential Monte Carlo p-values".
 */
export function sequentialPValue(isExtreme: () => boolean, most = MOST_DRAWS): number {
  invariant(Number.isSafeInteger(most) && most >= ENOUGH_EXTREME, `${most} draws at the most: too few`);
  let extreme = 0;
  for (let draw = 1; draw <= most; draw += 1) {
    if (!isExtreme()) continue;
    extreme += 1;
    if (extreme === ENOUGH_EXTREME) return extreme / draw;
  }
  return (extreme + 1) / (most + 1);
}
