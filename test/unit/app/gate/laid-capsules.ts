// The capsules folder of a gate's world: made runs that are made when somebody first asks for them, and read for a gate once.
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import type { GateCapsule } from "../../../../src/core/gate/evidence.ts";
import { type CapsuleFiles, type GateReader, readGateCapsule } from "../../../../src/app/gate/capsules.ts";
import { frozen } from "../../frozen.ts";
import { type MadeRun, madeRun, type RunSketch, toldHeader } from "./made-run.ts";
import { type MemoryCapsule, openMemoryCapsule } from "./memory-capsule.ts";

export interface StoredCapsule {
  readonly sketch: RunSketch;
  readonly sealed?: boolean;
  readonly faults?: MemoryCapsule["faults"];
  /** What somebody made of it. */
  readonly change?: (run: MadeRun) => MemoryCapsule;
}

export type Stored = ReadonlyMap<string, StoredCapsule | "damaged">;

const VERSION = "0.1.0";

const opened = new WeakMap<StoredCapsule, Promise<MemoryCapsule>>();

// Nobody changes it: the capsule is the run itself, so that what was worked out of it once is known in every world.
async function made({ sketch, faults, change = (whole) => whole }: StoredCapsule): Promise<MemoryCapsule> {
  const capsule = change(await madeRun(sketch));
  return faults ? { faults, ...capsule } : capsule;
}

function capsuleAt(stored: Stored, path: string): Promise<MemoryCapsule> {
  const found = storedAt(stored, path);
  const capsule = opened.get(found) ?? made(found);
  opened.set(found, capsule);
  return capsule;
}

function storedAt(stored: Stored, path: string): StoredCapsule {
  const found = stored.get(path);
  if (found === undefined || found === "damaged") throw new BakeoffError("integrity", `${path} is no capsule`);
  return found;
}

const read = new WeakMap<MemoryCapsule, Map<string, Promise<GateCapsule>>>();

/** The folder, and its capsules as a gate reads them: from the second time on, what was read the first time. */
export function laidCapsules(stored: Stored): GateReader & { readonly version: string } {
  const capsules: CapsuleFiles = {
    folder: "capsules",
    pathOf: (name) => (name.endsWith(".jsonl") ? name : `capsules/${name}.capsule.jsonl`),
    list: async () => [...stored.keys()].map((path) => path.replace(/^capsules\//, "")),
    glance: async (path) => {
      const found = storedAt(stored, path);
      const header = found.change === undefined ? toldHeader(found.sketch) : (await capsuleAt(stored, path)).header;
      return { header, sealed: found.sealed ?? true };
    },
    open: async (path, _, seen) => openMemoryCapsule(await capsuleAt(stored, path), seen),
    shown: (path) => path,
  };
  const readCapsule = async (name: string): Promise<GateCapsule> => {
    const path = capsules.pathOf(name);
    const capsule = await capsuleAt(stored, path);
    const before = read.get(capsule) ?? new Map<string, Promise<GateCapsule>>();
    read.set(capsule, before);
    const known = before.get(path) ?? readGateCapsule(capsules, VERSION, path).then(frozen);
    before.set(path, known);
    return known;
  };
  return { capsules, readCapsule, version: VERSION };
}
