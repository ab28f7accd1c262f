// Level 5: every answer that the record holds read again, and what it led to compared with what was recorded.
import type { Json } from "../../base/canonical.ts";
import type { AnswerFormat } from "../../policy/schema.ts";
import type { EventOf } from "../../trial/event.ts";
import { contentHash } from "../../suite/suite.ts";
import { readAnswer } from "../../verdict/answer/answer.ts";
import { checkPaths, patchFromAnswer } from "../../verdict/answer/patch.ts";
import type { Changes } from "../../text/edit.ts";
import { readCounterSignal, readUnlockDecision } from "../../verdict/answer/role.ts";
import { type AppliedDiff, asJson, type Check, type Claim, diffKey, type Scene, type TrialView } from "../check.ts";
import { eventIn, type Step } from "../step.ts";

export const ANSWER_CHECKS: readonly Check[] = [
  {
    level: "model calls",
    name: "answer-leads-to-outcome",
    sentence: "The stored answer, read again, leads to the recorded patch, signal or judgement.",
    what: "answers",
    cause: null,
    claims: answers,
  },
];

type Call = EventOf<"ModelCallEnvelope">;
type Reread = { readonly missing: string } | { readonly recorded: Json; readonly redone: Json };

function* answers(at: TrialView): Iterable<Claim> {
  for (const step of at.steps) {
    const call = step.events.findLast((event) => event.type === "ModelCallEnvelope");
    for (const event of step.events) {
      if (event.type !== "ModelCallEnvelope") continue;
      const claim = { seq: at.seqOf(event), what: `${event.role} answers` };
      // What was tried again led to nothing by itself: it is in the record, and that is all there is to say of it.
      yield { ...claim, ...(event === call ? reread(at, step, event) : { recorded: event.response_hash, redone: event.response_hash }) };
    }
  }
  for (const { payload, seq } of at.trial.events) {
    if (payload.type !== "RetrievalResponse" || payload.response_hash === null) continue;
    const claim = { seq, what: "notebook answers" };
    if (at.evidence.holds(payload.response_hash)) yield { ...claim, recorded: payload.response_hash, redone: payload.response_hash };
    else yield { ...claim, missing: "the answer is not in the record" };
  }
}

function reread(at: TrialView, step: Step, call: Call): Reread {
  const hash = call.response_hash;
  const text = hash === null ? null : at.evidence.text(hash);
  if (hash !== null && text === null) return { missing: "the answer is not in the record" };
  switch (call.role) {
    case "Implementer":
      return attemptOutcome(at, step, call, text);
    case "SidecarCritic":
      return { recorded: recordedSignal(step, call), redone: signalFrom(text) };
    case "Judge":
      return { recorded: recordedJudgement(step, call), redone: judgementFrom(text, call) };
    default:
      // A plan is free text: it is there, or the call failed and says so.
      return { recorded: call.success, redone: text !== null };
  }
}

function recordedSignal(step: Step, call: Call): Json {
  const signal = eventIn(step, "CounterSignal");
  return asJson({ compliant: call.json_compliant, signal: signal && { severity: signal.severity, kind: signal.signal_kind, message: signal.message } });
}

function signalFrom(text: string | null): Json {
  if (text === null) return { compliant: null, signal: null };
  const read = readCounterSignal(text);
  const signal = read.ok ? { severity: read.value.severity, kind: read.value.kind, message: read.value.message } : null;
  return asJson({ compliant: read.compliant, signal });
}

function recordedJudgement(step: Step, call: Call): Json {
  const gate = step.events.find((event) => event.type === "GateDecision");
  return asJson({ compliant: call.json_compliant, outcome: gate?.outcome ?? null, reason: gate?.reason ?? null });
}

/** A Judge that can't be reached or understood unlocks nothing. */
function judgementFrom(text: string | null, call: Call): Json {
  if (text === null) return asJson({ compliant: null, outcome: "Fail", reason: `no judgement: ${(call.error ?? "").split(":", 1)[0] ?? ""}` });
  const read = readUnlockDecision(text);
  if (!read.ok) return asJson({ compliant: read.compliant, outcome: "Fail", reason: `no judgement: ${read.detail}` });
  const reason = read.value.decision_rationale.slice(0, 2000).toWellFormed();
  return asJson({ compliant: read.compliant, outcome: read.value.unlock_decision === "UNLOCK" ? "Pass" : "Fail", reason });
}

type Patch =
  | { readonly compliant: boolean | null; readonly rejected: { readonly why: string; readonly detail: string } }
  | { readonly compliant: boolean; readonly changes: Changes };

function attemptOutcome(at: TrialView, step: Step, call: Call, text: string | null): Reread {
  const result = eventIn(step, "ToolResult");
  const patch = text === null ? { compliant: null, rejected: modelError(call) } : patchFrom(at, call, text);
  if (typeof patch === "string") return { missing: patch };
  const recorded = { compliant: call.json_compliant, rejected: result ? rejectionOf(at, result) : null, files: recordedFiles(step) };
  if ("rejected" in patch) return { recorded: asJson(recorded), redone: asJson({ compliant: patch.compliant, rejected: patch.rejected, files: [] }) };
  const files = [...patch.changes].map(([path, content]) => [path, content === null ? null : contentHash(content)] as const);
  return { recorded: asJson(recorded), redone: asJson({ compliant: patch.compliant, rejected: null, files: sorted(files) }) };
}

function modelError({ error }: Call): { why: string; detail: string } {
  return { why: "model-error", detail: error ?? "" };
}

function rejectionOf(at: TrialView, result: EventOf<"ToolResult">): { why: string; detail: string } | null {
  const verdict = at.evidence.verdict(result.output_hash);
  return verdict?.status === "patch-rejected" ? { why: verdict.why, detail: verdict.detail } : null;
}

function recordedFiles(step: Step): readonly (readonly [string, string | null])[] {
  const patches = step.events.filter((event) => event.type === "PatchApply").filter(({ success }) => success);
  return sorted(patches.map(({ file_path, after_hash }) => [file_path, after_hash]));
}

const sorted = (files: readonly (readonly [string, string | null])[]) => files.toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The answer's format is the candidate's own. */
export const formatOf = ({ snapshot }: Pick<TrialView, "snapshot">, model: string): AnswerFormat =>
  snapshot.candidates.find(({ name }) => name === model)?.answer_format ?? "edits";

/** The patch, or why it can't be worked out here. */
function patchFrom(at: TrialView, call: Call, text: string): Patch | string {
  const read = readAnswer(text, formatOf(at, call.model), at.snapshot.policy.limits);
  if (!read.ok) return { compliant: read.compliant, rejected: { why: read.why, detail: read.detail } };
  if (typeof at.scene === "string") return at.scene;
  const { answer, compliant } = read;
  const patch =
    answer.kind === "udiff"
      ? diffOutcome(at.scene, at.diffs.get(diffKey(at.scene.task.id, call.response_hash ?? "")))
      : patchFromAnswer(answer, at.scene.tree, at.scene.mayEdit);
  if (patch === null) return "the diff could not be applied here: git is missing";
  return patch.ok ? { compliant, changes: patch.changes } : { compliant, rejected: { why: patch.why, detail: patch.detail } };
}

function diffOutcome({ tree, mayEdit }: Scene, applied: AppliedDiff | undefined) {
  if (!applied) return null;
  if (!applied.ok) return { ok: false as const, why: "patch-does-not-apply" as const, detail: applied.detail };
  return checkPaths(applied.changes, tree, mayEdit) ?? { ok: true as const, changes: applied.changes };
}
