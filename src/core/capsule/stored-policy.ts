// Policy snapshots among a capsule's texts: which text is one, and what it claims to be.
import { snapshotVerifies } from "../policy/snapshot.ts";
import type { StoredText } from "./checks/check.ts";

/** The beginning of every snapshot's canonical form. */
export const SNAPSHOT_START = '{"candidates":[';

/** A snapshot whose hash is that of its content. */
export interface StoredPolicy {
  readonly id: string;
  readonly hash: string;
}

/** Null for any other text. Only a text that begins like a snapshot is parsed. */
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
