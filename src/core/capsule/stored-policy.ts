// Policy snapshots among a capsule's texts: which text is one, and what it is by its own words.
import { snapshotVerifies } from "../policy/snapshot.ts";
import type { StoredText } from "./checks/check.ts";

/** How the canonical form of every snapshot begins. */
export const SNAPSHOT_START = '{"candidates":[';

/** A snapshot whose hash is that of its content. */
export interface StoredPolicy {
  readonly id: string;
  readonly hash: string;
}

/** Null for any other text. Only what begins like a snapshot is read at all. */
export function storedPolicy(stored: Pick<StoredText, "text" | "start">): StoredPolicy | null {
  if (!(stored.start ?? stored.text).startsWith(SNAPSHOT_START)) return null;
  const { policy_id: id, hash, ...content } = tableOf(stored.text);
  return typeof id === "string" && typeof hash === "string" && snapshotVerifies({ ...content, policy_id: id, hash }) ? { id, hash } : null;
}

function tableOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(text) as Readonly<Record<string, unknown>> | null) };
  } catch {
    return {};
  }
}
