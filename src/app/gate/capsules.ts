// Reads capsules for a gate: their bytes' hash, the facts of their trials, the policy in them, and what does not verify.
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import { RunFactsReader } from "../../core/gate/run-facts.ts";
import { type PolicySnapshot, storedSnapshot } from "../../core/policy/snapshot.ts";
import { shelf } from "../compose.ts";
import { capsulesFolder } from "../places.ts";
import { capsulePath } from "../run/session.ts";

const EXTENSION = ".capsule.jsonl";

/** One capsule in one pass, whatever is wrong with it. Throws where it can't be read at all. */
export async function readGateCapsule(runIdOrPath: string): Promise<GateCapsule> {
  const path = capsulePath(runIdOrPath);
  const seen: { facts: RunFactsReader | null; policyHash: Sha256; snapshot: string | null } = { facts: null, policyHash: "", snapshot: null };
  const checked = await shelf.checkCapsule(path, [], {
    header: (header) => Object.assign(seen, { facts: new RunFactsReader(header), policyHash: header.policy.snapshot_hash }),
    blob: ({ sha256, text }) => {
      if (sha256 === seen.policyHash) seen.snapshot = text;
    },
    event: (line) => seen.facts?.event(line),
  });
  const run = (seen.facts ?? new RunFactsReader(checked.header)).end();
  const faults = [...checked.faults.map(({ check, fault }) => `${check}: ${fault}`), ...(run.broken === null ? [] : [`trials: ${run.broken}`])];
  return {
    path: relative(process.cwd(), path) || path,
    sha256: checked.fileHash,
    run,
    snapshot: snapshotOf(seen.snapshot),
    merkleRoot: checked.seal?.merkle_root ?? null,
    faults,
  };
}

/** The newest sealed capsule of this folder in which all the names were tried. Throws `usage` where there is none. */
export async function newestCapsule(names: readonly string[]): Promise<string> {
  const files = (await readdir(capsulesFolder()).catch(() => [])).filter((file) => file.endsWith(EXTENSION)).toSorted();
  for (const file of files.toReversed()) {
    const path = join(capsulesFolder(), file);
    if (await holds(path, names)) return path;
  }
  throw new BakeoffError(
    "usage",
    `no sealed capsule here in which ${names.join(", ")} were all tried`,
    `run them: bakeoff run --candidates ${names.join(",")}; or name capsules with --capsule`,
  );
}

async function holds(path: string, names: readonly string[]): Promise<boolean> {
  try {
    const { header, sealed } = await shelf.glanceCapsule(path);
    return sealed && names.every((name) => wasTried(header, name));
  } catch (error) {
    // A damaged file is passed over here; named with --capsule it is refused.
    if (error instanceof BakeoffError) return false;
    throw error;
  }
}

const wasTried = (header: Header, name: string): boolean => header.candidates.some((candidate) => candidate.name === name);

/** The stored snapshot, by the schema that policies are read by; null where this version can't read it. */
export function snapshotOf(text: string | null): PolicySnapshot | null {
  if (text === null) return null;
  try {
    const read = storedSnapshot.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
