// Large families of which few fail: a rate's exact bound, regressions as its mirror, and rare losses; before (format 2) and now.
import { createRandom, type Random } from "../../src/core/base/random.ts";
import type { Doubt } from "../../src/core/metrics/statistics/cluster.ts";
import { familyDifferenceAbove } from "../../src/core/metrics/statistics/family.ts";
import { clusteredRate } from "../../src/core/metrics/statistics/family-rate.ts";
import { drawPairs } from "./paired-world.ts";
import type { Situation } from "./situation.ts";

const ALPHA = 0.05;
const CORRELATION = 0.6;
const RATES = [0.8, 0.9, 0.95, 0.98];
/** Families and their tasks. */
const SHAPES = [
  [8, 10],
  [12, 10],
  [12, 20],
  [20, 20],
  [26, 10],
  [40, 10],
  [40, 20],
] as const;

type Shape = readonly [families: number, size: number];
type Wrong = (random: Random, shape: Shape, doubt: Doubt) => boolean;

/** Each the worst of its shapes, in which the same draws are decided both ways. */
export function largeFamilySituations(gates: number): readonly Situation[] {
  return [
    ...[false, true].map((mirrored) => {
      const wrongs = RATES.map((rate) => ({ seed: String(rate), wrong: wrongRate(rate, mirrored) }));
      return worst(mirrored ? "a share of regressions near 0, the same" : "a rate near 100 %, large families: its exact bound misses the truth", wrongs, gates);
    }),
    worst("rare losses that come by large families: falsely not inferior", [{ seed: "rare", wrong: wrongDifference }], gates),
  ];
}

function worst(name: string, wrongs: readonly { readonly seed: string; readonly wrong: Wrong }[], gates: number): Situation {
  const found = SHAPES.flatMap((shape) =>
    wrongs.map(({ seed, wrong }) => {
      const share = (doubt: Doubt): number => {
        const random = createRandom(`large/${seed}/${shape.join("x")}`);
        return Array.from({ length: gates }, () => wrong(random, shape, doubt)).filter(Boolean).length / gates;
      };
      return { before: share("even"), now: share("by-size") };
    }),
  );
  const slack = 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / gates);
  return {
    name,
    before: Math.max(...found.map(({ before }) => before)),
    now: Math.max(...found.map(({ now }) => now)),
    bound: ALPHA + 0.01 + slack,
    wants: "at-most",
  };
}

/** Tasks that hold, of which each goes by its family with the root of the correlation for a chance; or, mirrored, those that do not. */
const wrongRate =
  (rate: number, mirrored: boolean): Wrong =>
  (random, [families, size], doubt) => {
    const one = (): number => (random.next() < rate ? 1 : 0);
    const values = Array.from({ length: families }, (_, family) => {
      const common = one();
      return Array.from({ length: size }, () => ({ cluster: String(family), value: random.next() < Math.sqrt(CORRELATION) ? common : one() }));
    }).flat();
    const seen = mirrored ? values.map(({ cluster, value }) => ({ cluster, value: 1 - value })) : values;
    const { low, high } = clusteredRate(seen, 1 - 2 * ALPHA, { bounds: "exact", alike: "families", doubt });
    return mirrored ? (high ?? 1) < 1 - rate : (low ?? 0) > rate;
  };

const wrongDifference: Wrong = (random, [families, size], doubt) =>
  familyDifferenceAbove(drawPairs(random, { families, size, correlation: CORRELATION, rare: true, difference: -0.05 }), -0.05, doubt) < ALPHA;
