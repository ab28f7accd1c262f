// Honest patches put together: each a repair of the meter in one way, with something unusual beside it.
import { createRandom } from "../../../../src/core/base/random.ts";
import { MeterPatch } from "../../meter-patches.ts";
import { solutions } from "./solutions.ts";
import { attributes, names, output, world } from "./unusual.ts";

export interface Variant {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The meter repaired in a way of its own, for whoever writes something beside a repair. */
class RepairedMeter extends MeterPatch {
  private readonly repaired: Record<string, string>;

  constructor(plain: MeterPatch, repaired: Record<string, string>) {
    super(plain.lib);
    this.repaired = repaired;
  }

  override honest(): Record<string, string> {
    return this.repaired;
  }
}

/** So many of all pairs, drawn by the seed. */
export function honestVariants(at: MeterPatch, seed: string, count: number): readonly Variant[] {
  const unusual = [output, names, attributes, world].flatMap(({ cases }) => cases);
  const pairs = solutions.cases.flatMap((repair) => unusual.map((extra) => ({ repair, extra })));
  const drawn = createRandom(seed).shuffle(pairs).slice(0, count);
  return drawn.map(({ repair, extra }) => ({ name: `${repair.name}, with ${extra.name}`, files: extra.files(new RepairedMeter(at, repair.files(at))) }));
}
