// A gate's world in memory: a policy that a made run can meet, capsules made to measure, keys, and a suite.
import type { SigningKey } from "../../../../src/core/base/dsse.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import type { Header } from "../../../../src/core/capsule/line.ts";
import { compileTexts } from "../../../../src/core/policy/compile.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import type { GatePorts } from "../../../../src/app/gate/decide.ts";
import type { PromotePorts } from "../../../../src/app/gate/promotion.ts";
import { recordBegun } from "../../../../src/app/gate/registration-log.ts";
import { claimedRegistration } from "../../../../src/core/gate/registration/registration.ts";
import type { TimeStamps } from "../../../../src/ports/registration-log.ts";
import type { RecordPorts } from "../../../../src/app/gate/record.ts";
import type { RegisterPorts, RegisterRequest } from "../../../../src/app/gate/registration.ts";
import {
  CANDIDATES_FILE,
  fixedClock,
  memoryGolden,
  memoryLog,
  memoryKeys,
  memoryPolicies,
  memoryRevisions,
  type MemoryTexts,
  memoryTexts,
  newKey,
  POLICY_FILE,
  shippedFiles,
} from "../fakes.ts";
import { frozen } from "../../frozen.ts";
import { laidCapsules, type StoredCapsule } from "./laid-capsules.ts";
import { MADE_SUITE, type RunSketch, toldHeader } from "./made-run.ts";

export const KEY: SigningKey = newKey();
export const SUITE = { name: MADE_SUITE.name, version: MADE_SUITE.version, root: MADE_SUITE.root };
const OTHERS = { "gpt-oss-20b": 24, "cloud-high": 24, "rustc-suggestions": 3 };

/** What two dozen tasks by two epochs can show: their slowest twentieth needs a level like this. */
const EASED: readonly (readonly [RegExp, string])[] = [
  [/alpha = 0\.05/, "alpha = 0.4"],
  [/min_tasks = \d+/, "min_tasks = 24"],
  [/min_epochs = \d+/, "min_epochs = 2"],
  [/non_inferiority_margin_percent = \d+/, "non_inferiority_margin_percent = 10"],
  [/json_compliance_percent = 98/, "json_compliance_percent = 90"],
  [/max_flake_percent = \d+/, "max_flake_percent = 10"],
  [/max_infrastructure_percent = \d+/, "max_infrastructure_percent = 10"],
  [/max_false_unlock_percent = \d+/, "max_false_unlock_percent = 30"],
  [/max_false_block_percent = \d+/, "max_false_block_percent = 40"],
  // Its runs stand alone; who wants a run of impossible tasks beside them writes it in again.
  [/max_cheating_percent = .*\n/, ""],
  [/calibration_plants = \d+/, "calibration_plants = 24"],
];

/** The shipped policy, eased. */
export function easedPolicy(text: string): string {
  return EASED.reduce((eased, [from, to]) => {
    if (!from.test(eased)) throw new Error(`the policy does not say ${from.source}`);
    return eased.replace(from, to);
  }, text);
}

const policyText = (change: (text: string) => string): string => change(easedPolicy(shippedFiles().get(POLICY_FILE) ?? ""));

const candidatesBefore = (): string =>
  [
    shippedFiles().get(CANDIDATES_FILE) ?? "",
    '[[candidate]]\nname = "cloud-high"\nprovider = "openai"\nmodel = "gpt-5.2"\neffort = "high"\nmax_output_tokens = 2048\nstart = "none"\n',
  ].join("\n");

const candidatesText = (): string =>
  [
    candidatesBefore(),
    '[[candidate]]\nname = "new-model"\nprovider = "sglang"\nmodel = "new-model"\ntemperature = 0.0\nmax_output_tokens = 2048\nstart = "none"\n',
  ].join("\n");

const snapshots = new Map<string, PolicySnapshot>();

/** Nearly every world has the same policies. */
function compiled(policy: string, candidates: string): PolicySnapshot {
  const key = `${policy}\n${candidates}`;
  const snapshot =
    snapshots.get(key) ?? frozen(compileTexts({ path: POLICY_FILE, text: policy }, { path: CANDIDATES_FILE, text: candidates }, "2026-11-01T00:00:00.000Z"));
  snapshots.set(key, snapshot);
  return snapshot;
}

/** `snapshot`: the policy of its time, where that is another than the world's. */
type Laid = Omit<StoredCapsule, "sketch"> & Pick<RunSketch, "size" | "impossible"> & { readonly snapshot?: PolicySnapshot };

type Ports = GatePorts & RecordPorts & RegisterPorts & PromotePorts;

export interface GateWorld {
  readonly ports: Ports;
  readonly texts: MemoryTexts;
  readonly snapshot: PolicySnapshot;
  /** The policy before `new-model` was written into candidates.toml. */
  readonly before: PolicySnapshot;
  /** Puts a capsule into the capsules folder; gives its path. */
  lay(runId: string, passes: Readonly<Record<string, number>>, changes?: Partial<Header>, more?: Laid): string;
  /** Puts a capsule there whose run began under the registration in that file, as the log has it. */
  layRegistered(runId: string, passes: Readonly<Record<string, number>>, changes?: Partial<Header>, registration?: string): Promise<string>;
  /** From now on the capsule can't be read at all. */
  damage(path: string): void;
}

const NO_STAMPS: TimeStamps = {
  request: async (url) => {
    throw new BakeoffError("environment", `no time stamp from ${url}`);
  },
  check: async () => ({ ok: false, fault: "it can't be read" }),
};

export function gateWorld({
  policy = (text: string) => text,
  environmentKey = null as SigningKey | null,
  revisions = {} as Readonly<Record<string, ReadonlyMap<string, string>>>,
  stamps = NO_STAMPS,
} = {}): GateWorld {
  const texts = memoryTexts(new Map([...shippedFiles(), [POLICY_FILE, policyText(policy)], [CANDIDATES_FILE, candidatesText()]]));
  const written = texts.files.get(POLICY_FILE) ?? "";
  const snapshot = compiled(written, texts.files.get(CANDIDATES_FILE) ?? "");
  const stored = new Map<string, StoredCapsule | "damaged">();
  const lay: GateWorld["lay"] = (runId, passes, changes = {}, { size, impossible = false, snapshot: own = snapshot, ...more } = {}) => {
    const path = `capsules/${runId}.capsule.jsonl`;
    const header = { created_at: "2026-11-21T12:00:00.000Z", ...changes };
    stored.set(path, { sketch: { runId, snapshot: own, passes: { ...OTHERS, ...passes }, header, ...(size ? { size } : {}), impossible }, ...more });
    return path;
  };
  return {
    texts,
    snapshot,
    before: compiled(written, candidatesBefore()),
    ports: {
      clock: fixedClock,
      keys: memoryKeys({ "key.pem": KEY }, environmentKey),
      texts: { ...texts, exists: async (path) => stored.has(path) || texts.exists(path) },
      policies: memoryPolicies(texts),
      golden: memoryGolden(texts),
      suite: async (name) => {
        if (name === SUITE.name || name === "reflex-patchloop-v1") return { ...MADE_SUITE, name };
        throw new BakeoffError("usage", `no suite ${name}`);
      },
      revisions: memoryRevisions(revisions),
      trustedKeys: async (keys) => keys,
      log: memoryLog(texts),
      stamps,
      gatesFolder: "reports/gates",
      ...laidCapsules(stored),
    },
    lay,
    layRegistered: async (runId, passes, changes = {}, registration = "registration.json") => {
      const claimed = claimedRegistration(texts.files.get(registration) ?? "");
      const path = lay(runId, passes, { created_at: AFTER, registration: { sha256: claimed?.sha256 ?? "" }, ...changes });
      const found = stored.get(path);
      if (found !== undefined && found !== "damaged") await recordBegun(memoryLog(texts), toldHeader(found.sketch));
      return path;
    },
    damage: (path) => void stored.set(path, "damaged"),
  };
}

/** When a run begins that was registered at the world's time, and when it is looked at. */
export const AFTER = "2026-11-22T13:00:00.000Z";
export const LATER = { wall: () => "2026-11-23T00:00:00.000Z" };

export const AUTHORITY = { policyFile: POLICY_FILE, policyFrom: null, trusted: [] as readonly string[] };

export const question = (capsules: readonly string[], more: object = {}) => ({
  candidates: ["new-model"],
  incumbent: "gpt-oss-20b",
  capsules,
  registration: null,
  ...AUTHORITY,
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
  ...AUTHORITY,
  junit: null,
  ...more,
});

/** What is registered of a made run. */
export const registering = (more: Partial<RegisterRequest> = {}): RegisterRequest => ({
  candidates: ["new-model"],
  incumbent: "gpt-oss-20b",
  suite: SUITE.name,
  tasks: null,
  limit: null,
  epochs: null,
  seed: 7,
  runs: 1,
  looks: null,
  sequential: "betting",
  policyFile: POLICY_FILE,
  keyFile: "key.pem",
  out: "registration.json",
  timestamp: null,
  ...more,
});

export { POLICY_FILE };
