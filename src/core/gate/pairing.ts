// A candidate and another on the tasks that count for both.
import type { TaskPair } from "../metrics/statistics/paired.ts";
import { shareOf } from "../metrics/statistics/paired.ts";
import type { CandidateFacts } from "./facts.ts";

/** Paired tasks, in the order of their names. */
export function pairUp(candidate: CandidateFacts, reference: CandidateFacts): readonly TaskPair[] {
  const tasks = [...candidate.tasks].filter(([task]) => reference.tasks.has(task)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return tasks.flatMap(([task, own]) => {
    const other = reference.tasks.get(task);
    return other === undefined ? [] : [{ task, candidate: own, reference: other }];
  });
}

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
  const pairs = pairUp(candidate, incumbent);
  const row = ({ task, candidate: own, reference }: TaskPair): DiscordantTask => ({
    task,
    candidate: { passes: own.passes, trials: own.trials, uri: candidate.tasks.get(task)?.uris.at(-1) ?? null },
    incumbent: { passes: reference.passes, trials: reference.trials, uri: incumbent.tasks.get(task)?.uris.at(-1) ?? null },
  });
  const leading = (sign: 1 | -1) => pairs.filter((pair) => Math.sign(shareOf(pair.candidate) - shareOf(pair.reference)) === sign).map(row);
  return { tasks: pairs.length, candidateBetter: leading(1), incumbentBetter: leading(-1) };
}

/** Mean over tasks of how far the two lie apart: what the width of the difference's interval goes by. */
export function discordance(pairs: readonly TaskPair[]): number {
  return pairs.length === 0 ? 0 : pairs.reduce((sum, { candidate, reference }) => sum + Math.abs(shareOf(candidate) - shareOf(reference)), 0) / pairs.length;
}
