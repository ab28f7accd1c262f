// Paired tasks in families, drawn with a known difference, a known correlation within families, and losses that are common or rare.
import type { Random } from "../../src/core/base/random.ts";
import type { FamilyPair } from "../../src/core/metrics/statistics/family.ts";

export interface PairedWorld {
  readonly families: number;
  /** Tasks of a family. */
  readonly size: number;
  /** Correlation of two differences within a family. */
  readonly correlation: number;
  /** `rare`: nothing but losses (or nothing but gains); else a quarter of the tasks come out differently. */
  readonly rare: boolean;
  /** True difference, candidate − reference. */
  readonly difference: number;
}

/** Chances of a task to be lost and to be gained. */
function chancesOf({ rare, difference }: PairedWorld): { readonly lost: number; readonly gained: number } {
  if (rare) return { lost: Math.max(0, -difference), gained: Math.max(0, difference) };
  return { lost: Math.max(0, (0.25 - difference) / 2), gained: Math.max(difference, (0.25 + difference) / 2) };
}

/** Each task goes by its family with the root of the correlation for a chance, and else by itself: two of a family agree as often as they should. */
export function drawPairs(random: Random, world: PairedWorld): FamilyPair[] {
  const { lost, gained } = chancesOf(world);
  const drawLead = (): number => {
    const drawn = random.next();
    return drawn < lost ? -1 : drawn < lost + gained ? 1 : 0;
  };
  const byFamily = Math.sqrt(world.correlation);
  return Array.from({ length: world.families }, (_, family) => {
    const common = drawLead();
    return Array.from({ length: world.size }, (__, task): FamilyPair => {
      const lead = random.next() < byFamily ? common : drawLead();
      const reference = lead === 0 ? (random.next() < 0.6 ? 1 : 0) : lead < 0 ? 1 : 0;
      return {
        task: `${family}/${task}`,
        family: String(family),
        candidate: { passes: reference + lead, trials: 1 },
        reference: { passes: reference, trials: 1 },
      };
    });
  }).flat();
}

/** The true standard error of the observed difference. */
export function trueError(world: PairedWorld): number {
  const { lost, gained } = chancesOf(world);
  const variance = lost + gained - world.difference ** 2;
  return Math.sqrt((variance * (1 + (world.size - 1) * world.correlation)) / (world.families * world.size));
}
