// The compiled policy of a run: what the router routes from, with a hash that every event carries.
import { hashOf, type Sha256 } from "../base/canonical.ts";
import type { WrittenCandidates, WrittenPolicy } from "./schema.ts";

export interface PolicySnapshot {
  readonly schema_version: "1";
  readonly policy_id: string;
  /** SHA-256 of the canonical JSON without policy_id, created_at and hash. */
  readonly hash: Sha256;
  readonly created_at: string;
  readonly source_files: readonly { readonly path: string; readonly sha256: Sha256 }[];
  readonly policy: WrittenPolicy;
  readonly candidates: WrittenCandidates["candidate"];
}

/** Compiles a checked policy. The hash depends on content alone: neither on time nor on where the files lie. */
export function compileSnapshot(
  policy: WrittenPolicy,
  candidates: WrittenCandidates,
  source: { readonly createdAt: string; readonly files: PolicySnapshot["source_files"] },
): PolicySnapshot {
  const content = { schema_version: "1" as const, source_files: source.files, policy, candidates: candidates.candidate };
  return { ...content, policy_id: `${policy.meta.id}@${policy.meta.version}`, created_at: source.createdAt, hash: hashOf(content) };
}

/** True if the snapshot's hash is that of its content. */
export function snapshotVerifies(snapshot: PolicySnapshot): boolean {
  const { policy_id: _id, created_at: _at, hash, ...content } = snapshot;
  return hashOf(content) === hash;
}
