// Chooses which mutants to try next, so that tasks spread evenly over files, operators, kinds and error codes.
import { createRandom } from "../base/random.ts";
import type { Mutant } from "./mutant.ts";

/** The shares that a kept mutant counts towards. */
export interface Weight {
  readonly kind: "compile" | "test";
  readonly codes: readonly string[];
}

class Tally {
  private readonly counts = new Map<string, number>();
  add(key: string, by: number): void {
    this.counts.set(key, this.of(key) + by);
  }
  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }
  clear(key: string): void {
    this.counts.delete(key);
  }
}

/** A kept mutant weighs more than one that was only tried. */
const KEPT = 4;
/** What has lost so many mutants in a row, and gave none, is tried after all that may still give some. */
const BARREN_AFTER = 4;
const BARREN = 1000;
/** A kind that has reached its share is tried last. */
const FULL = 10_000;

/** Deterministic for a seed, whatever order one wave's verdicts come in. */
export class TaskSpread {
  private waiting: Mutant[];
  /** Mutants lost since the last one that was kept. */
  private readonly losses = new Tally();
  private readonly tally = new Tally();
  private readonly kept = new Tally();
  private readonly max: number;

  constructor(mutants: readonly Mutant[], seed: number, max: number) {
    this.waiting = createRandom(`${seed} spread`).shuffle(mutants);
    this.max = max;
  }

  /** Up to `size` mutants to try now, no two of one line, of which one task could be made at the most; empty when there are none left. */
  nextWave(size: number): Mutant[] {
    const wave: Mutant[] = [];
    const lines = new Set<string>();
    while (wave.length < size) {
      const best = this.best(lines);
      const [mutant] = best === null ? [] : this.waiting.splice(best, 1);
      if (!mutant) break;
      lines.add(lineOf(mutant));
      for (const key of keysOf(mutant)) this.tally.add(key, 1);
      wave.push(mutant);
    }
    return wave;
  }

  /** Is there room for one more of this kind and of these error codes? */
  hasRoom({ kind, codes }: Weight): boolean {
    const ofCodes = Math.max(2, Math.ceil(this.max / 8));
    return this.kept.of(kind) < Math.ceil(this.max / 2) && (kind === "test" || this.kept.of(codes.join()) < ofCodes);
  }

  /** Other mutants of its line would ask for the same repair. */
  keep(mutant: Mutant, { kind, codes }: Weight): void {
    for (const key of keysOf(mutant)) {
      this.tally.add(key, KEPT);
      this.losses.clear(key);
    }
    this.leaveOut((other) => lineOf(other) === lineOf(mutant));
    this.kept.add(kind, 1);
    if (kind === "compile") this.kept.add(codes.join(), 1);
  }

  /** It was tried and makes no task: the next ones are rather looked for elsewhere. */
  lose(mutant: Mutant): void {
    for (const key of keysOf(mutant)) this.losses.add(key, 1);
  }

  /** These are not tried any more; how many they were. */
  leaveOut(isOut: (mutant: Mutant) => boolean): number {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((mutant) => !isOut(mutant));
    return before - this.waiting.length;
  }

  private best(taken: ReadonlySet<string>): number | null {
    let best: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, mutant] of this.waiting.entries()) {
      if (taken.has(lineOf(mutant))) continue;
      const kind = mutant.operator.group === "compile" ? "compile" : "test";
      const full = this.kept.of(kind) >= Math.ceil(this.max / 2) ? FULL : 0;
      const score = full + keysOf(mutant).reduce((sum, key) => sum + this.tally.of(key) + (this.losses.of(key) >= BARREN_AFTER ? BARREN : 0), 0);
      if (score < least) [best, least] = [index, score];
    }
    return best;
  }
}

const lineOf = ({ path, line }: Mutant): string => `${path}:${line}`;

const keysOf = ({ operator, path, enclosing, line }: Mutant): string[] => [
  `operator ${operator.name}`,
  `file ${path}`,
  `function ${path} ${enclosing?.start ?? `line ${line}`}`,
];
