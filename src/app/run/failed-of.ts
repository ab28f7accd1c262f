// A diagnosis: what failed in a run, or came to nothing there, to be run once more.
import { BakeoffError } from "../../core/base/errors.ts";
import { foldRun } from "../../core/capsule/record.ts";
import { type TrialFacts, trialFacts } from "../../core/metrics/summary/trial.ts";
import { whyLost } from "../../core/report/trial/list.ts";
import type { CapsuleStore } from "../../ports/journal.ts";
import type { SessionRequest } from "./session.ts";

/** It failed, or nothing was learned of the candidate: lost to our own side, never asked, or failed at its server. */
const isWorthRepeating = (trial: TrialFacts): boolean => trial.standing !== "counted" || trial.serverFailed || whyLost(trial) !== null;

/**
 * The same request for the tasks and candidates of those trials, on the run's own suite, epochs and seed, marked as a diagnosis of it. Each of
 * these candidates meets each of these tasks. Throws `usage` where the run has no such trial, or where the request chooses tasks or candidates itself.
 */
export async function repeatFailed(capsules: Pick<CapsuleStore, "pathOf" | "read">, run: string, request: SessionRequest): Promise<SessionRequest> {
  if (request.tasks !== null || request.candidates !== null || request.limit !== null || request.resume !== null)
    throw new BakeoffError("usage", "--failed-of chooses tasks and candidates itself", "leave --task, --candidates, --limit and --resume out");
  const { header, events } = await capsules.read(capsules.pathOf(run));
  const failed = foldRun(header, events).trials.map(trialFacts).filter(isWorthRepeating);
  if (failed.length === 0) throw new BakeoffError("usage", `nothing failed in ${header.run_id}, and nothing was lost`, "there is nothing to repeat");
  const names = new Set(failed.map(({ candidate }) => candidate));
  const tasks = new Set(failed.map(({ task }) => task.id));
  return {
    ...request,
    suite: request.suite ?? header.suite.name,
    candidates: header.candidates.map(({ name }) => name).filter((name) => names.has(name)),
    tasks: header.tasks.map(({ id }) => id).filter((id) => tasks.has(id)),
    epochs: header.epochs,
    seed: header.seed,
    diagnosisOf: header.run_id,
  };
}
