// The PolicySnapshot that a capsule stores, read strictly.
import { type PolicySnapshot, storedSnapshot } from "../policy/snapshot.ts";

export type ReadSnapshot = { readonly ok: true; readonly snapshot: PolicySnapshot } | { readonly ok: false; readonly fault: string };

/** Never throws: what can't be read is said. */
export function readStoredSnapshot(text: string | null): ReadSnapshot {
  if (text === null) return { ok: false, fault: "the PolicySnapshot is not in the capsule" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: "the PolicySnapshot is not JSON" };
  }
  const read = storedSnapshot.safeParse(value);
  if (read.success) return { ok: true, snapshot: read.data };
  const issue = read.error.issues[0];
  return { ok: false, fault: `the PolicySnapshot can't be read: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}` };
}
