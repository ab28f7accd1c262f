// A policy's world in memory: its files as the working tree has them, the states that git knows, and keys.
import type { BumpPorts } from "../../../../src/app/policy/bump.ts";
import type { DiffPorts } from "../../../../src/app/policy/diff.ts";
import type { PolicyShowPorts } from "../../../../src/app/policy/show.ts";
import type { PolicySignPorts } from "../../../../src/app/policy/sign.ts";
import type { SnapshotPorts } from "../../../../src/app/policy/snapshot.ts";
import type { ValidatePorts } from "../../../../src/app/policy/validate.ts";
import type { SigningKey } from "../../../../src/core/base/dsse.ts";
import type { PolicySources } from "../../../../src/ports/policies.ts";
import {
  fixedClock,
  memoryGolden,
  memoryKeys,
  memoryPolicies,
  memoryRevisions,
  type MemoryTexts,
  memoryTexts,
  newKey,
  POLICY_FILE,
  shippedFiles,
} from "../fakes.ts";
import { suiteOf, TASKS } from "../../run/fakes.ts";

export const KEY: SigningKey = newKey();
export const SOURCES: PolicySources = { policyFile: POLICY_FILE, specFile: null, overrides: [] };

export interface WorldSketch {
  /** Of the policy's text, since the last commit. */
  readonly change?: (text: string) => string;
  /** What git has; false: there is no git. */
  readonly git?: boolean;
  /** The policy's text before the last commit that changed it. */
  readonly before?: (text: string) => string;
  readonly environmentKey?: SigningKey | null;
}

type Ports = ValidatePorts & PolicyShowPorts & SnapshotPorts & DiffPorts & BumpPorts & PolicySignPorts;

export interface PolicyWorld {
  readonly ports: Ports;
  readonly texts: MemoryTexts;
  readonly keys: ReturnType<typeof memoryKeys>;
  /** The policy's text as it is now. */
  policy(): string;
  edit(change: (text: string) => string): void;
}

export function policyWorld({ change = (text) => text, git = true, before, environmentKey = null }: WorldSketch = {}): PolicyWorld {
  const head = shippedFiles();
  const changed = (by: (text: string) => string) => new Map([...head, [POLICY_FILE, by(head.get(POLICY_FILE) ?? "")]]);
  const texts = memoryTexts(changed(change));
  const states = git ? { HEAD: head, ...(before ? { "0123456789~1": changed(before) } : {}) } : {};
  const keys = memoryKeys({ "key.pem": KEY }, environmentKey);
  const ports: Ports = {
    clock: fixedClock,
    keys,
    texts,
    policies: memoryPolicies(texts),
    golden: memoryGolden(texts),
    loadSuite: async () => suiteOf(TASKS),
    revisions: memoryRevisions(states, before ? "0123456789~1" : null),
  };
  const policy = (): string => texts.files.get(POLICY_FILE) ?? "";
  return { ports, texts, keys, policy, edit: (by) => void texts.files.set(POLICY_FILE, by(policy())) };
}

/** The version that the shipped policy has, and the steps from it. */
export const VERSION = /\nversion = "([\d.]+)"/.exec(shippedFiles().get(POLICY_FILE) ?? "")?.[1] ?? "";
const [major = 0, minor = 0, patch = 0] = VERSION.split(".").map(Number);
export const STEP = { major: `${major + 1}.0.0`, minor: `${major}.${minor + 1}.0`, patch: `${major}.${minor}.${patch + 1}` };

/** Changes of each weight, in the shipped policy's words. */
export const loosened = (text: string): string => text.replace("run_cost_usd = 50.0", "run_cost_usd = 60.0");
export const tightened = (text: string): string => text.replace("run_cost_usd = 50.0", "run_cost_usd = 40.0");
export const withVersionText =
  (version: string) =>
  (text: string): string =>
    text.replace(`version = "${VERSION}"`, `version = "${version}"`);
