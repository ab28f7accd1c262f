// What a stored run proves of itself, before a report counts any of it.
import { BakeoffError } from "../../core/base/errors.ts";
import { foldRun, type RunRecord } from "../../core/capsule/record.ts";
import { capsuleFaults, type Fault, type SealedCapsule } from "../../core/capsule/verify.ts";
import { groupBy } from "../../core/metrics/summary/rate.ts";
import { openRunProof, type Unproven } from "../../core/replay/run-proof.ts";
import { VerifiedTrees } from "../../core/replay/verified-trees.ts";
import { shellWord } from "../../core/text/shell-word.ts";
import type { StoredRun } from "../../ports/journal.ts";
import type { Places } from "../places.ts";

type Stored = StoredRun & SealedCapsule;

export interface ProvenRun {
  readonly record: RunRecord;
  /** What its reader must know first, in sentences. */
  readonly notices: readonly string[];
}

/**
 * The record of a run that replay levels 0 and 1 prove. A safe export, which left its verdicts out by rule, is told from its
 * events, with a notice, as long as nothing in it comes out otherwise; of a run that is not finished, the finished trials are held to the same. Throws `integrity` for any other.
 */
export function provenRun(stored: Stored, capsule: string, { version, calledAs }: Pick<Places, "version" | "calledAs">): ProvenRun {
  const [fault] = stored.seal === null ? [] : capsuleFaults(stored);
  if (fault) throw faulty(capsule, fault, { calledAs });
  const record = foldRun(stored.header, stored.events);
  return { record, notices: noticesOf(unprovenOf(record, stored, version), capsule, { isSafeExport: (stored.withheld ?? []).length > 0, calledAs }) };
}

/** For a capsule, as it was named, that does not verify. */
export const faulty = (capsule: string, { fault }: Fault, { calledAs }: Pick<Places, "calledAs">): BakeoffError =>
  new BakeoffError("integrity", `${capsule} does not verify: ${fault}`, `see all of it: ${calledAs} capsule verify ${shellWord(capsule)}`);

/** What is unproven and may be so. Throws `integrity` for what may not. */
export function noticesOf(
  { contradicted, untold }: Unproven,
  capsule: string,
  { isSafeExport, calledAs }: { readonly isSafeExport: boolean; readonly calledAs: string },
): readonly string[] {
  const refused = isSafeExport ? contradicted : [...contradicted, ...untold];
  if (refused.length > 0)
    throw new BakeoffError(
      "integrity",
      `${capsule} says what it does not prove\n${refused.map((what) => `  ${what}`).join("\n")}`,
      `see all of it: ${calledAs} replay ${shellWord(capsule)}`,
    );
  return untold.map((what) => `not proven here, since this is a safe export: ${what}`);
}

function unprovenOf(record: RunRecord, stored: Stored, version: string): Unproven {
  const { header, calibration } = record;
  // An unfinished trial has no end to be held to.
  const trials = record.trials.filter(({ state }) => state.unlocked !== null);
  const verified = new VerifiedTrees();
  for (const line of stored.events) verified.add(line);
  const held = new Set(stored.blobs.map(({ sha256 }) => sha256));
  const withheld = new Set((stored.withheld ?? []).map(({ sha256 }) => sha256));
  const proof = openRunProof({
    header,
    trials: () => trials,
    texts: { text: (hash) => stored.blob(hash), holds: (hash) => held.has(hash) },
    withheld: (hash) => withheld.has(hash),
    verified,
    suite: "the suite is not asked",
    version,
  });
  for (const trial of trials) proof.trial(trial);
  if (stored.seal !== null) for (const [id, events] of groupBy(calibration, (line) => line.trial ?? "")) proof.calibration({ id, events });
  return proof.end();
}
