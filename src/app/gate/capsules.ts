// Reads capsules for a gate: the facts of their trials, what proves them, the policy in them, and what does not verify.
import { join } from "node:path";
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { type Header, lineText } from "../../core/capsule/line.ts";
import { isOfImpossible } from "../../core/gate/kinds.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import { RunFactsReader } from "../../core/gate/run-facts.ts";
import { openCapsuleProof } from "../capsule/proof.ts";
import type { RunProof } from "../../core/replay/run-proof.ts";
import { readStoredSnapshot } from "../../core/replay/stored-snapshot.ts";
import { VerifiedTrees } from "../../core/replay/verified-trees.ts";
import type { OpenCapsule, StoredCapsules } from "../../ports/capsules.ts";

/** The stored capsules, as a gate reads them. */
export interface CapsuleFiles extends Pick<StoredCapsules, "open"> {
  /** The folder that run ids are looked for in. */
  readonly folder: string;
  /** A run id stands for its capsule in the folder, a path for itself. */
  pathOf(runIdOrPath: string): string;
  /** Names of the files in the folder. */
  list(): Promise<readonly string[]>;
  /** A capsule's header, and whether it ends in a seal. Throws `integrity` for a damaged one. */
  glance(path: string): Promise<{ readonly header: Header; readonly sealed: boolean }>;
  shown(path: string): string;
}

const EXTENSION = ".capsule.jsonl";

/** The stored capsules, and how one of them is read. */
export interface GateReader {
  readonly capsules: CapsuleFiles;
  /** As `readGateCapsule` does. */
  readonly readCapsule: (runIdOrPath: string) => Promise<GateCapsule>;
}

/** One capsule, whatever is wrong with it: checked in one pass, then gone through trial by trial. `version`: this program's. Throws where it can't be read at all. */
export async function readGateCapsule(files: CapsuleFiles, version: string, runIdOrPath: string): Promise<GateCapsule> {
  const path = files.pathOf(runIdOrPath);
  const verified = new VerifiedTrees();
  const run = await files.open(path, [], (line) => verified.add(line));
  try {
    const proof = openCapsuleProof(run, verified, version);
    const facts = new RunFactsReader(run.header);
    const broken = goThrough(run, facts, proof);
    const stored = readStoredSnapshot(run.text(run.header.policy.snapshot_hash));
    return {
      path: files.shown(path),
      sha256: run.fileHash,
      run: facts.end(run.runEvents),
      snapshot: stored.ok ? stored.snapshot : null,
      merkleRoot: run.seal?.merkle_root ?? null,
      headerHash: sha256(lineText(run.header)),
      signature: run.signature,
      faults: [...run.faults.map(({ check, fault }) => `${check}: ${fault}`), ...broken.map((why) => `trials: ${why}`)],
      // Damage explains whatever follows from it.
      unproven: run.faults.length > 0 || broken.length > 0 ? [] : Object.values(proof.end()).flat(),
    };
  } finally {
    run.close();
  }
}

/** Shows every trial to both; gives why the events of one make no trial. */
function goThrough(run: OpenCapsule, facts: RunFactsReader, proof: RunProof): readonly string[] {
  try {
    for (const trial of run.trials()) {
      facts.trial(trial);
      proof.trial(trial);
    }
    for (const trial of run.calibrationTrials()) {
      facts.calibration(trial);
      proof.calibration(trial);
    }
    return [];
  } catch (error) {
    // It is not thrown: a capsule that was changed is refused with all that is wrong with it.
    if (error instanceof BakeoffError) return [messageOf(error)];
    throw error;
  }
}

/** The newest sealed capsule of the folder in which all the names were tried, on tasks that an honest patch passes. Throws `usage` where there is none. */
export async function newestCapsule(files: CapsuleFiles, names: readonly string[]): Promise<string> {
  const newest = await newestCapsuleIfAny(files, names);
  if (newest !== null) return newest;
  throw new BakeoffError(
    "usage",
    `no sealed capsule here in which ${names.join(", ")} were all tried`,
    `run them: bakeoff run --candidates ${names.join(",")}; or name capsules with --capsule`,
  );
}

/** The same; null where there is none. */
export async function newestCapsuleIfAny(
  files: CapsuleFiles,
  names: readonly string[],
  isMeant: (header: Header) => boolean = (header) => !isOfImpossible(header),
): Promise<string | null> {
  const stored = (await files.list()).filter((file) => file.endsWith(EXTENSION)).toSorted();
  for (const file of stored.toReversed()) {
    const path = join(files.folder, file);
    if (await holds(files, path, names, isMeant)) return path;
  }
  return null;
}

async function holds(files: CapsuleFiles, path: string, names: readonly string[], isMeant: (header: Header) => boolean): Promise<boolean> {
  try {
    const { header, sealed } = await files.glance(path);
    // Neither a diagnosis, patches made elsewhere nor answers that were used again are in a gate: an older run may be.
    return (
      sealed &&
      isMeant(header) &&
      header.diagnosis_of === undefined &&
      header.external === undefined &&
      header.answer_cache === undefined &&
      names.every((name) => header.candidates.some((candidate) => candidate.name === name))
    );
  } catch (error) {
    // A damaged file is passed over here; named with --capsule it is refused.
    if (error instanceof BakeoffError) return false;
    throw error;
  }
}
