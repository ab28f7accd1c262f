// A trial's number in its run's plan, which its page is named by: a name could hold anything.
import type { Header } from "../../core/capsule/line.ts";

type Plan = Pick<Header, "tasks" | "candidates" | "epochs">;

/** The order of `plannedTrials`: epoch, then task, then candidate. Null beyond the plan. */
export function numberedTrial({ tasks, candidates, epochs }: Plan, number: number): string | null {
  const perEpoch = tasks.length * candidates.length;
  const epoch = perEpoch === 0 ? epochs : Math.floor(number / perEpoch);
  const task = tasks[Math.floor((number % perEpoch) / candidates.length)];
  const candidate = candidates[number % candidates.length];
  return epoch >= epochs || !task || !candidate ? null : `${candidate.name}/${task.id}/${epoch + 1}`;
}

/** Null where no such trial was planned. */
export function trialNumber({ tasks, candidates, epochs }: Plan, id: string): number | null {
  const [, name = "", task = "", words = ""] = /^(.+)\/([^/]+)\/([1-9]\d{0,3})$/.exec(id) ?? [];
  const [slot, place, epoch] = [candidates.findIndex((candidate) => candidate.name === name), tasks.findIndex(({ id: own }) => own === task), Number(words)];
  return slot < 0 || place < 0 || epoch > epochs ? null : ((epoch - 1) * tasks.length + place) * candidates.length + slot;
}
