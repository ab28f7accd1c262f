// The compiled policy of a run, which the router uses, with the hash that every event carries.
import { z } from "zod";
import { canonicalJson, hashOf, type Sha256 } from "../base/canonical.ts";
import { BakeoffError, messageOf } from "../base/errors.ts";
import type { LayerName } from "./layer.ts";
import { candidatesSchema, policySchema, type WrittenCandidates, type WrittenPolicy } from "./schema.ts";

export const SNAPSHOT_VERSION = "2";

export interface PolicySnapshot {
  readonly schema_version: typeof SNAPSHOT_VERSION;
  /** `<meta.id>@<meta.version>`. */
  readonly policy_id: string;
  /** SHA-256 of the canonical JSON without policy_id, created_at and hash. */
  readonly hash: Sha256;
  readonly created_at: string;
  /** What the policy was compiled from: names without this machine's folders, and hashes of content, not of layout. */
  readonly source_files: readonly { readonly path: string; readonly sha256: Sha256 }[];
  readonly policy: WrittenPolicy;
  readonly candidates: WrittenCandidates["candidate"];
  /** By key text, the layer that each value of `policy` comes from. */
  readonly layers: Readonly<Record<string, LayerName>>;
}

export interface SnapshotSource {
  readonly createdAt: string;
  readonly files: PolicySnapshot["source_files"];
  readonly layers?: PolicySnapshot["layers"];
}

/** Compiles a checked policy. The hash depends on content alone: neither on time nor on where the files are. */
export function compileSnapshot(policy: WrittenPolicy, candidates: WrittenCandidates, source: SnapshotSource): PolicySnapshot {
  const content = {
    schema_version: SNAPSHOT_VERSION as typeof SNAPSHOT_VERSION,
    source_files: source.files,
    policy,
    candidates: candidates.candidate,
    layers: source.layers ?? {},
  };
  return { ...content, policy_id: `${policy.meta.id}@${policy.meta.version}`, created_at: source.createdAt, hash: hashOf(content) };
}

/** True if the snapshot's hash is that of its content. */
export function snapshotVerifies(snapshot: Readonly<Record<string, unknown>> | PolicySnapshot): boolean {
  const { policy_id: _id, created_at: _at, hash, ...content } = snapshot;
  try {
    return hashOf(content) === hash;
  } catch {
    // Text that canonical JSON can't hold has no hash.
    return false;
  }
}

/** The bytes of PolicySnapshot.json: the same in a file, in a capsule, and on stdout. */
export const snapshotText = (snapshot: PolicySnapshot): string => canonicalJson(snapshot);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The stored form, by its members alone: whether the hash matches is checked separately. */
export const storedSnapshot = z.strictObject({
  schema_version: z.literal(SNAPSHOT_VERSION),
  policy_id: z.string(),
  hash: sha256,
  created_at: z.string(),
  source_files: z.array(z.strictObject({ path: z.string(), sha256 })).max(100),
  policy: policySchema,
  candidates: candidatesSchema.shape.candidate,
  layers: z.record(z.string(), z.enum(["defaults", "workspace", "spec", "override"])),
});

/** Parses a snapshot from any source. Throws `integrity` if it is not of this format, or if its hash is not that of its content. */
export function readSnapshot(text: string, name: string): PolicySnapshot {
  const value = jsonOf(text, name);
  const version: unknown = typeof value === "object" && value !== null && "schema_version" in value ? value.schema_version : null;
  if (version !== SNAPSHOT_VERSION)
    throw new BakeoffError(
      "integrity",
      `${name} has schema_version ${JSON.stringify(version)}, not "${SNAPSHOT_VERSION}"`,
      "read it with the version of bakeoff that wrote it",
    );
  const parsed = storedSnapshot.safeParse(value);
  if (!parsed.success)
    throw new BakeoffError(
      "integrity",
      `${name} is not a policy snapshot: ${parsed.error.issues[0]?.path.map(String).join(".")}: ${parsed.error.issues[0]?.message}`,
      "compile it anew: bakeoff policy snapshot",
    );
  if (!snapshotVerifies(parsed.data)) throw new BakeoffError("integrity", `the hash of ${name} is not that of its content`, "fetch it again from its source");
  return parsed.data;
}

export function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new BakeoffError("integrity", `${name} is not JSON: ${messageOf(error)}`, "compile it anew: bakeoff policy snapshot", { cause: error });
  }
}
