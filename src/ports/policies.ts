// The files of policies and of their golden scenarios, as use cases read them.
import type { FileIssue } from "../core/base/errors.ts";
import type { LastGood } from "../core/policy/fallback.ts";
import type { Signature } from "../core/policy/signature.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import type { GoldenFile } from "../core/router/golden/scenario.ts";
import type { PolicySource } from "./policy-source.ts";

/** What a policy is put together from. */
export interface PolicySources {
  /** `candidates.toml` lies beside it. */
  readonly policyFile: string;
  /** The layer of one spec, or null. */
  readonly specFile: string | null;
  /** `key = value` each; empty unless overrides were allowed. */
  readonly overrides: readonly string[];
  /** All files are taken as this git revision has them, which a branch can't change; not there: from the disk. */
  readonly revision?: string;
}

export interface LoadedPolicy {
  /** The files that it was made of. */
  readonly files: readonly string[];
  readonly snapshot: PolicySnapshot;
  readonly warnings: readonly FileIssue[];
  readonly signature: Signature;
  /** Where its signature lies, or would lie. */
  readonly signatureFile: string;
  /** The bytes of the signature file, or null. */
  readonly signatureText: string | null;
}

/** Both throw `written-file` with every issue of every file, and `usage` for a file that is not there. `createdAt` is RFC 3339, UTC. */
export interface PolicyFiles {
  /** The signature is judged, and not asked for. */
  read(sources: PolicySources, createdAt: string): Promise<LoadedPolicy>;
  /** As a run may use it: signed, where the policy asks for that. Throws `integrity` for a signature that does not count. */
  load(sources: PolicySources, createdAt: string): Promise<LoadedPolicy>;
}

/** Loads the policy of a file as a run may use it. Throws `written-file`, `integrity` or `usage`. */
export type LoadPolicy = (policyFile: string) => Promise<PolicySnapshot>;

/** The policies that runs are made under. */
export interface PolicyStore {
  /** The policy as a run may use it: signed, where it asks for that. Throws `written-file`, `integrity` or `usage`. */
  load(sources: PolicySources): Promise<LoadedPolicy>;
  /** Keeps a policy that was loaded whole, for the day on which its files can't be. */
  keepLastGood(sources: PolicySources, loaded: LoadedPolicy): Promise<void>;
  /** The kept one; null where there is none, or none that is still whole. */
  lastGood(sources: PolicySources): Promise<LastGood | null>;
  watch(sources: PolicySources): PolicySource;
}

export interface GoldenFolder {
  /** As it is shown to people. */
  readonly path: string;
  /** In order of their names. */
  readonly files: readonly GoldenFile[];
}

/** The golden scenarios that a policy file goes by: its own, or the shipped ones where it has none. */
export type GoldenReader = (policyFile: string) => Promise<GoldenFolder>;
