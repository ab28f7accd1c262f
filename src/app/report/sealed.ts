// A sealed run's report from its file, trial by trial: memory for what each trial comes to, not for all that the capsule holds.
import type { Unproven } from "../../core/replay/run-proof.ts";
import { VerifiedTrees } from "../../core/replay/verified-trees.ts";
import type { ReportedRun } from "../../core/report/model.ts";
import { type ReportSource, reportSource } from "../../core/report/source.ts";
import type { OpenCapsule, StoredCapsules } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";
import { openCapsuleProof } from "../capsule/proof.ts";
import { faulty, noticesOf } from "./proven.ts";

export interface SealedRuns extends Pick<StoredCapsules, "open"> {
  /** Throws as reading it does. */
  isSealed(path: string): Promise<boolean>;
}

/** A capsule as it was named, and its file. */
export interface NamedCapsule {
  readonly name: string;
  readonly path: string;
}

/** The source is good until `use` is done. Throws `integrity` as `provenRun` does. */
export async function withSealedSource<T>(
  capsules: Pick<SealedRuns, "open">,
  { name, path }: NamedCapsule,
  places: Pick<Places, "version" | "calledAs">,
  use: (source: ReportSource) => Promise<T>,
): Promise<T> {
  const verified = new VerifiedTrees();
  const run = await capsules.open(path, [], (line) => verified.add(line));
  try {
    const [fault] = run.faults;
    if (fault) throw faulty(name, fault, places);
    const notices = noticesOf(unprovenIn(run, verified, places.version), name, { isSafeExport: run.withheld > 0, calledAs: places.calledAs });
    return await use(reportSource(reportedRun(run), { texts: run, sealedAt: run.seal?.sealed_at ?? null, notices }));
  } finally {
    run.close();
  }
}

function unprovenIn(run: OpenCapsule, verified: VerifiedTrees, version: string): Unproven {
  const proof = openCapsuleProof(run, verified, version);
  for (const trial of run.trials()) proof.trial(trial);
  for (const trial of run.calibrationTrials()) proof.calibration(trial);
  return proof.end();
}

/** Its trials are read anew each time that they are gone through; good until the capsule is closed. */
export const reportedRun = (run: OpenCapsule): ReportedRun => ({
  header: run.header,
  runEvents: run.runEvents,
  trials: again(() => run.trials()),
  calibration: [...run.calibrationTrials()].flatMap(({ events }) => events),
});

const again = <T>(read: () => Iterable<T>): Iterable<T> => ({ [Symbol.iterator]: () => read()[Symbol.iterator]() });
