// What a list says of a run: a small part of its digest, so that a thousand runs can be listed at once.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import type { RunDigest } from "./digest.ts";
import { headlineOf } from "./page.ts";

export interface RunListing
  extends Pick<RunDigest, "run" | "createdAt" | "suite" | "policy" | "epochs" | "capability" | "verification" | "taskSet" | "standIns" | "diagnosisOf"> {
  readonly tasks: number;
  readonly candidates: readonly { readonly name: string; readonly pass: Estimate }[];
  readonly headline: string;
}

export function runListing(digest: RunDigest): RunListing {
  const { run, createdAt, suite, policy, epochs, capability, verification, taskSet, standIns, diagnosisOf, tasks, candidates } = digest;
  return {
    run,
    createdAt,
    suite,
    policy,
    epochs,
    capability,
    verification,
    taskSet,
    standIns,
    diagnosisOf,
    tasks: tasks.total,
    candidates: candidates.map(({ name, pass }) => ({ name, pass })),
    headline: headlineOf(digest),
  };
}
