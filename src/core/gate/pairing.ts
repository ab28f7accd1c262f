// A candidate and another on the tasks that count for both, and on those of which one side lost every trial.
import type { FamilyPair } from "../metrics/statistics/family.ts";
import { shareOf } from "../metrics/statistics/paired.ts";
import type { CandidateFacts } from "./facts.ts";

/** A task of which a side's every trial was lost: that side is null. */
export interface UnknownPair extends Pick<FamilyPair, "task" | "family"> {
  readonly candidate: FamilyPair["candidate"] | null;
  readonly reference: FamilyPair["reference"] | null;
}

export interface Pairing {
  /** Tasks that count for both, in the order of their names. */
  readonly pairs: readonly FamilyPair[];
  /** Tasks that at least one side lost wholly, in the order of their names. */
  readonly unknown: readonly UnknownPair[];
}

/** A task that one side was never to try is none of the comparison. */
export function pairUp(candidate: CandidateFacts, reference: CandidateFacts): Pairing {
  const names = [...reference.tasks.keys(), ...reference.lostTasks.keys()].toSorted();
  const pairs: FamilyPair[] = [];
  const unknown: UnknownPair[] = [];
  for (const task of names) {
    const [own, other] = [candidate.tasks.get(task), reference.tasks.get(task)];
    const planned = own ?? candidate.lostTasks.get(task);
    if (own !== undefined && other !== undefined) pairs.push({ task, family: own.family, candidate: own, reference: other });
    else if (planned !== undefined) unknown.push({ task, family: planned.family, candidate: own ?? null, reference: other ?? null });
  }
  return { pairs, unknown };
}

/** The pairs with what is unknown taken as it would be worst for the candidate, or best. */
export function filledIn({ pairs, unknown }: Pairing, as: "worst" | "best"): readonly FamilyPair[] {
  const [own, other] = as === "worst" ? [FAILED, PASSED] : [PASSED, FAILED];
  return [...pairs, ...unknown.map((pair) => ({ ...pair, candidate: pair.candidate ?? own, reference: pair.reference ?? other }))];
}

const FAILED = { passes: 0, trials: 1 };
const PASSED = { passes: 1, trials: 1 };

/** One task on which the two differ, with the events that show it. */
export interface DiscordantTask {
  readonly task: string;
  readonly candidate: { readonly passes: number; readonly trials: number; readonly uri: string | null };
  readonly incumbent: { readonly passes: number; readonly trials: number; readonly uri: string | null };
}

export interface PairedTable {
  readonly tasks: number;
  readonly candidateBetter: readonly DiscordantTask[];
  readonly incumbentBetter: readonly DiscordantTask[];
}

export function pairedTable(candidate: CandidateFacts, incumbent: CandidateFacts): PairedTable {
  const { pairs } = pairUp(candidate, incumbent);
  const row = ({ task, candidate: own, reference }: FamilyPair): DiscordantTask => ({
    task,
    candidate: { passes: own.passes, trials: own.trials, uri: candidate.tasks.get(task)?.uris.at(-1) ?? null },
    incumbent: { passes: reference.passes, trials: reference.trials, uri: incumbent.tasks.get(task)?.uris.at(-1) ?? null },
  });
  const leading = (sign: 1 | -1) => pairs.filter((pair) => Math.sign(shareOf(pair.candidate) - shareOf(pair.reference)) === sign).map(row);
  return { tasks: pairs.length, candidateBetter: leading(1), incumbentBetter: leading(-1) };
}

/** Mean over tasks of how far the two lie apart: what the width of the difference's interval goes by. */
export function discordance(pairs: readonly FamilyPair[]): number {
  return pairs.length === 0 ? 0 : pairs.reduce((sum, { candidate, reference }) => sum + Math.abs(shareOf(candidate) - shareOf(reference)), 0) / pairs.length;
}
