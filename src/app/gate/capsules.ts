// Reads capsules for a gate: their bytes' hash, the facts of their trials, the policy in them, and what does not verify.
import { join } from "node:path";
import type { Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { EventLine, Header, Seal } from "../../core/capsule/line.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import { RunFactsReader } from "../../core/gate/run-facts.ts";
import { readStoredSnapshot } from "../../core/replay/stored-snapshot.ts";

/** Is shown a capsule's lines in the file's order, the header first. */
export interface CapsuleObserver {
  header(header: Header): void;
  blob(blob: { readonly sha256: Sha256; readonly text: string }): void;
  event(line: EventLine): void;
}

export interface CheckedFile {
  readonly header: Header;
  readonly seal: Pick<Seal, "merkle_root"> | null;
  /** SHA-256 of the file's bytes. */
  readonly fileHash: Sha256;
  readonly faults: readonly { readonly check: string; readonly fault: string }[];
}

/** The stored capsules, as a gate reads them. */
export interface CapsuleFiles {
  /** The folder that run ids are looked for in. */
  readonly folder: string;
  /** Names of the files in the folder. */
  list(): Promise<readonly string[]>;
  /** A capsule's header, and whether it ends in a seal. Throws `integrity` for a damaged one. */
  glance(path: string): Promise<{ readonly header: Header; readonly sealed: boolean }>;
  /** Checks a capsule in one pass. Throws `integrity` where it can't be read as one; all else is data. */
  check(path: string, onlooker: CapsuleObserver): Promise<CheckedFile>;
  shown(path: string): string;
}

const EXTENSION = ".capsule.jsonl";

/** One capsule in one pass, whatever is wrong with it. Throws where it can't be read at all. */
export async function readGateCapsule(files: CapsuleFiles, runIdOrPath: string): Promise<GateCapsule> {
  const path = runIdOrPath.endsWith(".jsonl") ? runIdOrPath : join(files.folder, `${runIdOrPath}${EXTENSION}`);
  const seen: { facts: RunFactsReader | null; policyHash: Sha256; snapshot: string | null } = { facts: null, policyHash: "", snapshot: null };
  const checked = await files.check(path, {
    header: (header) => Object.assign(seen, { facts: new RunFactsReader(header), policyHash: header.policy.snapshot_hash }),
    blob: (blob) => {
      if (blob.sha256 === seen.policyHash) seen.snapshot = blob.text;
    },
    event: (line) => seen.facts?.event(line),
  });
  const snapshot = readStoredSnapshot(seen.snapshot);
  const run = (seen.facts ?? new RunFactsReader(checked.header)).end();
  const faults = [...checked.faults.map(({ check, fault }) => `${check}: ${fault}`), ...(run.broken === null ? [] : [`trials: ${run.broken}`])];
  return {
    path: files.shown(path),
    sha256: checked.fileHash,
    run,
    snapshot: snapshot.ok ? snapshot.snapshot : null,
    merkleRoot: checked.seal?.merkle_root ?? null,
    faults,
  };
}

/** The newest sealed capsule of the folder in which all the names were tried. Throws `usage` where there is none. */
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
export async function newestCapsuleIfAny(files: CapsuleFiles, names: readonly string[]): Promise<string | null> {
  const stored = (await files.list()).filter((file) => file.endsWith(EXTENSION)).toSorted();
  for (const file of stored.toReversed()) {
    const path = join(files.folder, file);
    if (await holds(files, path, names)) return path;
  }
  return null;
}

async function holds(files: CapsuleFiles, path: string, names: readonly string[]): Promise<boolean> {
  try {
    const { header, sealed } = await files.glance(path);
    return sealed && names.every((name) => header.candidates.some((candidate) => candidate.name === name));
  } catch (error) {
    // A damaged file is passed over here; named with --capsule it is refused.
    if (error instanceof BakeoffError) return false;
    throw error;
  }
}
