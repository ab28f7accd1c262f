// What a run may do when its policy can't be loaded: low-risk tasks under the last good snapshot, high-risk tasks not at all.
import { z } from "zod";
import { canonicalJson } from "../base/canonical.ts";
import { BakeoffError, WrittenFileError } from "../base/errors.ts";
import { matcher } from "../base/glob.ts";
import type { WrittenPolicy } from "./schema.ts";
import { judgePolicySignature, type Signature } from "./signature.ts";
import { jsonOf, type PolicySnapshot, readSnapshot, snapshotText } from "./snapshot.ts";

/** Where a run's policy came from. */
export type PolicyOrigin =
  | { readonly loaded: "files" }
  | { readonly loaded: "last-good" /** Why the files could not be used. */; readonly reason: string; readonly failure: BakeoffError };

const stored = z.strictObject({ format: z.literal(1), snapshot: z.string(), signature: z.string().nullable() });

/** The stored text of a good snapshot, with the signature file that came with it. */
export const lastGoodText = (snapshot: PolicySnapshot, signature: string | null): string =>
  canonicalJson({ format: 1, snapshot: snapshotText(snapshot), signature });

export interface LastGood {
  readonly snapshot: PolicySnapshot;
  readonly signature: Signature;
  readonly signatureText: string | null;
}

/** A stored snapshot that is still intact, or null if that can't be shown. */
export function readLastGood(text: string): LastGood | null {
  try {
    const kept = stored.parse(jsonOf(text, "the last good policy"));
    const snapshot = readSnapshot(kept.snapshot, "the last good policy");
    const signature = judgePolicySignature(kept.signature, snapshot);
    const signed = !snapshot.policy.signing.require_signature || signature.status === "valid";
    return signed ? { snapshot, signature, signatureText: kept.signature } : null;
  } catch {
    return null;
  }
}

/**
 * Decides what to do about a policy that failed to load. Errors in a file and a missing file are accidents: the last good
 * snapshot is used. Anything else (above all a signature that does not verify) may be an attack: the failure is final.
 */
export function fallBack(failure: unknown, lastGood: PolicySnapshot | null): { readonly snapshot: PolicySnapshot; readonly standing: PolicyOrigin } {
  const accident = failure instanceof BakeoffError && (failure.code === "written-file" || failure.code === "usage");
  if (!accident || lastGood === null) throw failure;
  return { snapshot: lastGood, standing: { loaded: "last-good", reason: reasonOf(failure), failure } };
}

function reasonOf(failure: BakeoffError): string {
  const [first, ...more] = failure instanceof WrittenFileError ? failure.issues : [];
  if (!first) return failure.message;
  return `${first.path}:${first.line}:${first.column}: ${first.message}${more.length === 0 ? "" : ` and ${more.length} more`}`;
}

export interface TaskRisk {
  readonly id: string;
  readonly risk: "low" | "high";
  readonly editable: readonly string[];
  readonly tags?: readonly string[];
}

/** By the task's own risk, a path that it may edit, or a tag. */
export function isHighRiskTask({ risks, paths, tags }: WrittenPolicy["high_risk"], task: TaskRisk): boolean {
  return risks.includes(task.risk) || task.editable.some(matcher(paths)) || (task.tags ?? []).some((tag) => tags.includes(tag));
}

/** The tasks that may be run under that standing, and the ids of those that are refused. `risk = "high"` is high whatever the snapshot says. */
export function allowedTasks<T extends TaskRisk>(
  tasks: readonly T[],
  standing: PolicyOrigin,
  policy: WrittenPolicy,
): { readonly allowed: readonly T[]; readonly refused: readonly string[] } {
  if (standing.loaded === "files") return { allowed: tasks, refused: [] };
  const high = (task: T): boolean => task.risk === "high" || isHighRiskTask(policy.high_risk, task);
  return { allowed: tasks.filter((task) => !high(task)), refused: tasks.filter(high).map(({ id }) => id) };
}
