// A trial's number in its run's plan, which its page is named by: a name could hold anything.
import type { LibraryRun } from "../../ports/run-library.ts";

type Plan = Pick<LibraryRun, "header" | "set">;

/** The order of `plannedTrials`: epoch, then task, then candidate; of several runs as one, that of the trials that there are. Null beyond the plan. */
export function numberedTrial({ header: { tasks, candidates, epochs }, set }: Plan, number: number): string | null {
  if (set !== undefined) return set.trials[number] ?? null;
  const perEpoch = tasks.length * candidates.length;
  const epoch = perEpoch === 0 ? epochs : Math.floor(number / perEpoch);
  const task = tasks[Math.floor((number % perEpoch) / candidates.length)];
  const candidate = candidates[number % candidates.length];
  return epoch >= epochs || !task || !candidate ? null : `${candidate.name}/${task.id}/${epoch + 1}`;
}

/** Null where no such trial was planned. */
export function trialNumber({ header: { tasks, candidates, epochs }, set }: Plan, id: string): number | null {
  if (set !== undefined) return set.trials.includes(id) ? set.trials.indexOf(id) : null;
  const [, name = "", task = "", words = ""] = /^(.+)\/([^/]+)\/([1-9]\d{0,3})$/.exec(id) ?? [];
  const [slot, place, epoch] = [candidates.findIndex((candidate) => candidate.name === name), tasks.findIndex(({ id: own }) => own === task), Number(words)];
  return slot < 0 || place < 0 || epoch > epochs ? null : ((epoch - 1) * tasks.length + place) * candidates.length + slot;
}
