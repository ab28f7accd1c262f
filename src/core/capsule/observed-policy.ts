// What a run recorded about its policy files: a run keeps the policy that it began with, however they change.
import type { RunRecord } from "./record.ts";

/** The code of the event for files that no longer hold a policy. */
export const POLICY_UNREADABLE = "policy-unreadable";

/** A sentence for each policy that was seen but not in force. */
export function observedPolicies({ header, runEvents }: Pick<RunRecord, "header" | "runEvents">): readonly string[] {
  const { id, hash } = header.policy;
  const own = `${id} (${hash.slice(0, 12)})`;
  const sentences = runEvents.flatMap(({ payload }) => {
    if (payload.type !== "PolicySnapshotRef" || payload.observed_hash === undefined) return [];
    const other = `${payload.policy_id} (${payload.policy_hash.slice(0, 12)})`;
    return [`the policy's files changed during the run: ${other} lay there and was not in force; every decision went by ${own}`];
  });
  return [...new Set(sentences)];
}
