// A gate's world in memory: a policy that a made run can meet, capsules made to measure, keys, and a suite.
import { canonicalJson, sha256 } from "../../../../src/core/base/canonical.ts";
import type { SigningKey } from "../../../../src/core/base/dsse.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import type { Header } from "../../../../src/core/capsule/line.ts";
import { compileTexts } from "../../../../src/core/policy/compile.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import type { CapsuleFiles } from "../../../../src/app/gate/capsules.ts";
import type { GatePorts } from "../../../../src/app/gate/decide.ts";
import type { PromotePorts } from "../../../../src/app/gate/promotion.ts";
import type { RecordPorts } from "../../../../src/app/gate/record.ts";
import type { RegisterPorts } from "../../../../src/app/gate/registration.ts";
import {
  CANDIDATES_FILE,
  fixedClock,
  memoryGolden,
  memoryKeys,
  memoryPolicies,
  type MemoryTexts,
  memoryTexts,
  newKey,
  POLICY_FILE,
  shippedFiles,
} from "../fakes.ts";
import { type MadeRun, madeRun } from "./made-run.ts";

export const KEY: SigningKey = newKey();
export const SUITE = { name: "made-suite", version: "1.0.0", root: "1".repeat(64) };
const OTHERS = { "gpt-oss-20b": 60, "cloud-high": 60, "rustc-suggestions": 6 };

/** The shipped policy, eased to what one epoch can show. */
function policyText(change: (text: string) => string): string {
  const text = shippedFiles().get(POLICY_FILE) ?? "";
  return change(
    text
      .replace(/min_epochs = \d+/, "min_epochs = 1")
      .replace("max_infrastructure_percent = 2", "max_infrastructure_percent = 5")
      .replace("json_compliance_percent = 98", "json_compliance_percent = 95")
      .replace("max_flake_percent = 2", "max_flake_percent = 49"),
  );
}

const candidatesText = (): string =>
  [
    shippedFiles().get(CANDIDATES_FILE) ?? "",
    '[[candidate]]\nname = "new-model"\nprovider = "sglang"\nmodel = "new-model"\ntemperature = 0.0\nmax_output_tokens = 2048\nstart = "none"\n',
    '[[candidate]]\nname = "cloud-high"\nprovider = "openai"\nmodel = "gpt-5.2"\neffort = "high"\nmax_output_tokens = 2048\nstart = "none"\n',
  ].join("\n");

interface StoredCapsule extends MadeRun {
  readonly snapshot: PolicySnapshot;
  readonly sealed?: boolean;
  readonly faults?: readonly { readonly check: string; readonly fault: string }[];
}

type Ports = GatePorts & RecordPorts & RegisterPorts & PromotePorts;

export interface GateWorld {
  readonly ports: Ports;
  readonly texts: MemoryTexts;
  readonly snapshot: PolicySnapshot;
  /** Puts a capsule into the capsules folder; gives its path. */
  lay(runId: string, passes: Readonly<Record<string, number>>, changes?: Partial<Header>, more?: Pick<StoredCapsule, "sealed" | "faults">): string;
  /** From now on the capsule can't be read at all. */
  damage(path: string): void;
}

export function gateWorld({ policy = (text: string) => text, environmentKey = null as SigningKey | null } = {}): GateWorld {
  const texts = memoryTexts(new Map([...shippedFiles(), [POLICY_FILE, policyText(policy)], [CANDIDATES_FILE, candidatesText()]]));
  const source = (path: string) => ({ path, text: texts.files.get(path) ?? "" });
  const snapshot = compileTexts(source(POLICY_FILE), source(CANDIDATES_FILE), "2026-11-01T00:00:00.000Z");
  const stored = new Map<string, StoredCapsule | "damaged">();
  return {
    texts,
    snapshot,
    ports: {
      clock: fixedClock,
      keys: memoryKeys({ "key.pem": KEY }, environmentKey),
      texts: { ...texts, exists: async (path) => stored.has(path) || texts.exists(path) },
      policies: memoryPolicies(texts),
      golden: memoryGolden(texts),
      suite: async (name) => {
        if (name === SUITE.name || name === "reflex-patchloop-v1") return { ...SUITE, name };
        throw new BakeoffError("usage", `no suite ${name}`);
      },
      capsules: capsuleFiles(stored),
      gatesFolder: "reports/gates",
      version: "0.1.0",
    },
    lay: (runId, passes, changes = {}, more = {}) => {
      const path = `capsules/${runId}.capsule.jsonl`;
      const header = { created_at: "2026-11-21T12:00:00.000Z", ...changes };
      stored.set(path, { ...madeRun({ runId, snapshot, passes: { ...OTHERS, ...passes }, header }), snapshot, ...more });
      return path;
    },
    damage: (path) => void stored.set(path, "damaged"),
  };
}

function capsuleFiles(stored: ReadonlyMap<string, StoredCapsule | "damaged">): CapsuleFiles {
  const capsuleAt = (path: string): StoredCapsule => {
    const found = stored.get(path);
    if (found === undefined || found === "damaged") throw new BakeoffError("integrity", `${path} is no capsule`);
    return found;
  };
  return {
    folder: "capsules",
    list: async () => [...stored.keys()].map((path) => path.replace(/^capsules\//, "")),
    glance: async (path) => ({ header: capsuleAt(path).header, sealed: capsuleAt(path).sealed ?? true }),
    check: async (path, onlooker) => {
      const { header, events, snapshot, faults = [] } = capsuleAt(path);
      onlooker.header(header);
      const text = canonicalJson(snapshot);
      onlooker.blob({ sha256: sha256(text), text });
      for (const event of events) onlooker.event(event);
      return { header, seal: { merkle_root: sha256(header.run_id) }, fileHash: sha256(canonicalJson([header, ...events])), faults };
    },
    shown: (path) => path,
  };
}

export const question = (capsules: readonly string[], more: object = {}) => ({
  candidates: ["new-model"],
  incumbent: "gpt-oss-20b",
  capsules,
  registration: null,
  trusted: [],
  override: null,
  alpha: null,
  look: null,
  ...more,
});

export const request = (capsules: readonly string[], more: object = {}) => ({
  candidates: ["new-model"],
  incumbent: "gpt-oss-20b",
  capsules,
  registration: null,
  override: { by: null, reason: null },
  keyFile: null,
  junit: null,
  ...more,
});

export { POLICY_FILE };
