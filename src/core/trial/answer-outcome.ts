// What a model's answer leads to: worked out when it comes, and again when it is read from the record.
import type { Sha256 } from "../base/canonical.ts";
import type { AnswerFormat } from "../policy/schema.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import { contentHash } from "../suite/suite.ts";
import type { Changes, Tree } from "../text/edit.ts";
import type { ReadAnswer } from "../verdict/answer/answer.ts";
import { checkPaths, type PatchGround, patchFromAnswer } from "../verdict/answer/patch.ts";
import type { AnswerReading } from "../verdict/answer/reading.ts";
import { type CounterSignal, readCounterSignal, readUnlockDecision } from "../verdict/answer/role.ts";
import type { PatchRejection } from "../verdict/verdict.ts";
import { type Binding, EXTERNAL_PROVIDER } from "./command.ts";
import type { EventOf } from "./event.ts";

/** The answer's format is the candidate's own; what was made elsewhere is a diff. */
export const answerFormatOf = ({ candidates }: Pick<PolicySnapshot, "candidates">, { provider, model }: Pick<Binding, "provider" | "model">): AnswerFormat =>
  provider === EXTERNAL_PROVIDER ? "udiff" : (candidates.find(({ name }) => name === model)?.answer_format ?? "edits");

/** The files that an answer changes, or the named way in which it is wrong. `compliant` is null where no answer came. */
export type Patch =
  | { readonly ok: true; readonly changes: Changes; readonly compliant: boolean }
  | { readonly ok: false; readonly why: PatchRejection; readonly detail: string; readonly compliant: boolean | null };

/** A unified diff as the diff tool applied it. */
export type AppliedDiff = { readonly ok: true; readonly changes: Changes } | { readonly ok: false; readonly detail: string };

/** The unified diff that must be applied before `patchOf` can be asked; null where the answer is none. */
export const diffOf = (read: ReadAnswer): string | null => (read.ok && read.answer.kind === "udiff" ? read.answer.diff : null);

/** `applied`: what became of `diffOf(read)`; only asked for where that is a diff. */
export function patchOf(read: ReadAnswer, ground: PatchGround, applied: AppliedDiff | null): Patch {
  if (!read.ok) return read;
  const { answer, compliant } = read;
  if (answer.kind !== "udiff") return { ...patchFromAnswer(answer, ground), compliant };
  if (!applied?.ok) return { ok: false, why: "patch-does-not-apply", detail: applied?.detail ?? "the diff was not applied", compliant };
  const fault = checkPaths(applied.changes, ground);
  return fault ? { ...fault, compliant } : { ok: true, changes: applied.changes, compliant };
}

/** What an event says of a patched file beside its path. `after`: hash of the content that is kept; null: the file is deleted. */
export function patchedFile(tree: Tree, path: string, after: Sha256 | null): Pick<EventOf<"PatchApply">, "patch_type" | "before_hash" | "after_hash"> {
  const before = tree.get(path);
  return {
    patch_type: after === null ? "delete" : before === undefined ? "create" : "modify",
    before_hash: before === undefined ? null : contentHash(before),
    after_hash: after,
  };
}

/** `compliant`: is the answer JSON as it was asked for? */
export function signalOf(text: string, reading: AnswerReading): { readonly compliant: boolean; readonly signal: CounterSignal | null } {
  const read = readCounterSignal(text, reading);
  return { compliant: read.compliant, signal: read.ok ? read.value : null };
}

export interface Judgement {
  readonly compliant: boolean | null;
  readonly outcome: "Pass" | "Fail";
  readonly reason: string;
}

/** A Judge that can't be reached or understood unlocks nothing. */
export function judgementOf(answer: { readonly text: string } | { readonly failure: string }, reading: AnswerReading): Judgement {
  if (!("text" in answer)) return { compliant: null, outcome: "Fail", reason: `no judgement: ${answer.failure}` };
  const read = readUnlockDecision(answer.text, reading);
  if (!read.ok) return { compliant: read.compliant, outcome: "Fail", reason: `no judgement: ${read.detail}` };
  const reason = read.value.decision_rationale.slice(0, 2000).toWellFormed();
  return { compliant: read.compliant, outcome: read.value.unlock_decision === "UNLOCK" ? "Pass" : "Fail", reason };
}
