// What a report says of candidates that got slower or worse while the run went on.
import type { Estimate } from "../metrics/statistics/interval.ts";
import { type Drift, driftOf } from "../metrics/summary/drift.ts";
import { inSlot, isLowRisk, isPossible } from "../metrics/summary/rate.ts";
import type { TrialFacts } from "../metrics/summary/trial.ts";
import { fixed } from "../text/figures.ts";

/** The chance that a run without any drift is said to have some. */
const ALPHA = 0.05;
/** Less is not worth a sentence: of a time, and of a pass rate. */
const LEAST_SHARE = 0.05;

interface Figure {
  readonly of: (drift: Drift) => Estimate | null;
  readonly words: (share: number) => string;
  readonly unit: string;
}

const FIGURES: readonly Figure[] = [
  {
    of: ({ time }) => time,
    unit: "%",
    words: (share) => `its attempts took ${percent(Math.abs(share))} % ${share > 0 ? "longer" : "less long"} at its end than at its beginning`,
  },
  {
    of: ({ pass }) => pass,
    unit: "points",
    words: (share) => `it passed ${percent(Math.abs(share))} points ${share > 0 ? "more" : "less"} often at its end than at its beginning`,
  },
];

/** A sentence for each figure that changed by more than chance would have it, over all figures of all candidates. */
export function driftWarnings(facts: readonly TrialFacts[]): readonly string[] {
  const names = [...new Set(facts.map(({ candidate }) => candidate))];
  // Bonferroni: each figure of each candidate is a look for something.
  const confidence = 1 - ALPHA / (Math.max(1, names.length) * FIGURES.length);
  return names.flatMap((name) => {
    const own = facts.filter(({ candidate, task }) => candidate === name && isPossible(task));
    const drift = driftOf(inSlot(own.filter(isLowRisk)), confidence);
    return FIGURES.flatMap(({ of, words, unit }) => sentence(name, of(drift), words, unit));
  });
}

function sentence(name: string, estimate: Estimate | null, words: Figure["words"], unit: string): readonly string[] {
  const { value = null, low = null, high = null, n = 0 } = estimate ?? {};
  if (value === null || low === null || high === null || low * high <= 0 || Math.abs(value) < LEAST_SHARE) return [];
  const bounds = `${percent(low)} to ${percent(high)} ${unit}, over ${n} trials of repeated tasks`;
  return [`${name} drifted in this run: ${words(value)} (${bounds}): what changed on the machine meanwhile is part of its figures`];
}

const percent = (share: number): string => fixed(share * 100, 0);
