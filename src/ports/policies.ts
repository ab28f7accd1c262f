// The files of policies and of their golden scenarios, as use cases read them.
import type { FileIssue } from "../core/base/errors.ts";
import type { Signature } from "../core/policy/signature.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import type { GoldenFile } from "../core/router/golden/scenario.ts";

/** What a policy is put together from. */
export interface PolicySources {
  /** `candidates.toml` lies beside it. */
  readonly policyFile: string;
  /** The layer of one spec, or null. */
  readonly specFile: string | null;
  /** `key = value` each; empty unless overrides were allowed. */
  readonly overrides: readonly string[];
}

export interface LoadedPolicy {
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

export interface GoldenFolder {
  /** As it is shown to people. */
  readonly path: string;
  /** In order of their names. */
  readonly files: readonly GoldenFile[];
}

/** The golden scenarios that a policy file goes by: its own, or the shipped ones where it has none. */
export type GoldenReader = (policyFile: string) => Promise<GoldenFolder>;
