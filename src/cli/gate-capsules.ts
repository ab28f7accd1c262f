// Reads capsules for a gate: their bytes' hash, their record, the policy in them, and what does not verify.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { BakeoffError } from "../core/base/errors.ts";
import type { Header } from "../core/capsule/line.ts";
import { foldRun } from "../core/capsule/record.ts";
import { capsuleFaults } from "../core/capsule/verify.ts";
import type { GateCapsule } from "../core/gate/evidence.ts";
import { type PolicySnapshot, storedSnapshot } from "../core/policy/snapshot.ts";
import { world } from "./compose.ts";
import { capsulesFolder } from "./places.ts";
import { capsulePath } from "./session.ts";

const EXTENSION = ".capsule.jsonl";

/** One capsule, whatever is wrong with it. Throws where it can't be read at all. */
export async function readGateCapsule(runIdOrPath: string): Promise<GateCapsule> {
  const path = capsulePath(runIdOrPath);
  const shown = relative(process.cwd(), path) || path;
  const stored = await world.readCapsule(path);
  const faults = capsuleFaults(stored).map(({ check, fault }) => `${check}: ${fault}`);
  const record = foldRun(stored.header, stored.events);
  const snapshot = snapshotOf(stored.blob(stored.header.policy.snapshot_hash));
  return { path: shown, sha256: await fileHash(path), record, snapshot, merkleRoot: stored.seal?.merkle_root ?? null, faults };
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
    const { header, seal } = await world.readCapsule(path);
    return seal !== null && names.every((name) => wasTried(header, name));
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

async function fileHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
