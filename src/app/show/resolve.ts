// Which trial a person means: its id, or as much of it as no other trial has.
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import type { TrialList } from "../../core/report/trial/list.ts";

/** `CANDIDATE/TASK/EPOCH`, `CANDIDATE/TASK` (its first epoch), or `TASK` where one candidate was run. Throws `usage` for anything else. */
export function resolveTrial(words: string, { trials, candidates }: Pick<TrialList, "trials" | "candidates">, run: string): string {
  const ids = new Set(trials.map(({ id }) => id));
  const meant = [words, `${words}/1`, ...(candidates.length === 1 ? [`${candidates[0] ?? ""}/${words}`, `${candidates[0] ?? ""}/${words}/1`] : [])];
  const found = meant.find((id) => ids.has(id));
  if (found !== undefined) return found;
  throw new BakeoffError("usage", `run ${run} has no trial ${words.slice(0, 200)}`, `did you mean ${nearest(words, [...ids]).join(" or ")}?`);
}
