// The run before another one: the newest of the same tasks, asked and verified in the same way.
import { firstDifference, type TrialBefore } from "../../core/report/trial/before.ts";
import type { TrialRecord } from "../../core/capsule/record.ts";
import type { RunListing } from "../../core/report/runs/listing.ts";
import type { LibraryRun, RunLibrary } from "../../ports/run-library.ts";
import { trialNumber } from "./trial-numbers.ts";

type Dated = Pick<RunListing, "taskSet" | "epochs" | "verification" | "capability" | "createdAt">;

/** Null where there is none. */
export async function runBefore(library: RunLibrary, own: Dated): Promise<LibraryRun | null> {
  // A diagnosis is of what was lost already: nothing is held against it.
  const known = (await library.list()).flatMap(({ listing, state }) => (listing === null || state === "set" || listing.diagnosisOf !== null ? [] : [listing]));
  const alike = (other: RunListing): boolean =>
    other.taskSet === own.taskSet && other.epochs === own.epochs && other.verification === own.verification && other.capability === own.capability;
  const before = known.find((other) => other.createdAt < own.createdAt && alike(other));
  return before ? library.open(before.run) : null;
}

/** Null where there is no run before it, or none that is sealed. */
export async function trialBefore(library: RunLibrary, run: LibraryRun, trial: TrialRecord): Promise<TrialBefore | null> {
  if (run.set) return null;
  const own = (await library.list()).find(({ run: name }) => name === run.header.run_id)?.listing;
  const before = own ? await runBefore(library, own) : null;
  if (before === null) return null;
  const there = before.trial(trial.id);
  const number = there && there.events.length > 0 ? trialNumber(before, trial.id) : null;
  return { run: before.header.run_id, number, difference: there && number !== null ? firstDifference(trial.events, there.events) : null };
}
