// The PolicySnapshot that a capsule stores, read strictly.
import { z } from "zod";
import { candidatesSchema, policySchema } from "../policy/schema.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const snapshotSchema = z.strictObject({
  schema_version: z.literal("1"),
  policy_id: z.string(),
  hash,
  created_at: z.string(),
  source_files: z.array(z.strictObject({ path: z.string(), sha256: hash })),
  policy: policySchema,
  candidates: candidatesSchema.shape.candidate,
});

export type ReadSnapshot = { readonly ok: true; readonly snapshot: PolicySnapshot } | { readonly ok: false; readonly fault: string };

/** Never throws: what can't be read is said. */
export function readSnapshot(text: string | null): ReadSnapshot {
  if (text === null) return { ok: false, fault: "the PolicySnapshot is not in the capsule" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: "the PolicySnapshot is not JSON" };
  }
  const read = snapshotSchema.safeParse(value);
  if (read.success) return { ok: true, snapshot: read.data };
  const issue = read.error.issues[0];
  return { ok: false, fault: `the PolicySnapshot can't be read: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}` };
}
