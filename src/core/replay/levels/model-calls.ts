// Level 5: every answer that the record holds read again, and what it led to compared with what was recorded.
import type { Json } from "../../base/canonical.ts";
import { readingOf } from "../../capsule/line.ts";
import { contentHash } from "../../suite/suite.ts";
import type { Changes } from "../../text/edit.ts";
import { type AppliedDiff, answerFormatOf, diffOf, judgementOf, type Patch, patchOf, signalOf } from "../../trial/answer-outcome.ts";
import type { EventOf } from "../../trial/event.ts";
import { readAnswer } from "../../verdict/answer/answer.ts";
import { asJson, type Check, type Claim, diffKey, type Level, type TrialView } from "../check.ts";
import { eventIn, type Step } from "../step.ts";

const CHECKS: readonly Check[] = [
  {
    name: "answer-leads-to-outcome",
    sentence: "The stored answer, read again, leads to the recorded patch, signal or judgement.",
    what: "answers",
    cause: null,
    claims: answers,
  },
];

export const modelCalls: Level = {
  sentence: "Every answer that the record holds, read again, leads to the recorded patch, signal or judgement. No model is called.",
  needsPolicy: true,
  checks: () => ({ trials: CHECKS, planted: CHECKS }),
  outcome: () => ({ notes: [] }),
};

type Call = EventOf<"ModelCallEnvelope">;
type Reread = { readonly missing: string } | { readonly recorded: Json; readonly redone: Json };

function* answers(view: TrialView): Iterable<Claim> {
  for (const step of view.steps) {
    const call = step.events.findLast((event) => event.type === "ModelCallEnvelope");
    for (const event of step.events) {
      if (event.type !== "ModelCallEnvelope") continue;
      const claim = { seq: view.seqOf(event), what: `${event.role} answers` };
      // What was tried again led to nothing by itself: it is in the record, and that is all there is to say of it.
      yield { ...claim, ...(event === call ? reread(view, step, event) : { recorded: event.response_hash, redone: event.response_hash }) };
    }
  }
  for (const { payload, seq } of view.trial.events) {
    if (payload.type !== "RetrievalResponse" || payload.response_hash === null) continue;
    const claim = { seq, what: "notebook answers" };
    if (view.evidence.holds(payload.response_hash)) yield { ...claim, recorded: payload.response_hash, redone: payload.response_hash };
    else yield { ...claim, missing: "the answer is not in the record" };
  }
}

function reread(view: TrialView, step: Step, call: Call): Reread {
  const hash = call.response_hash;
  const text = hash === null ? null : view.evidence.text(hash);
  if (hash !== null && text === null) return { missing: "the answer is not in the record" };
  switch (call.role) {
    case "Implementer":
      return attemptOutcome(view, step, call, text);
    case "SidecarCritic":
      return { recorded: recordedSignal(step, call), redone: signalFrom(view, text) };
    case "Judge":
      return { recorded: recordedJudgement(step, call), redone: judgementFrom(view, text, call) };
    default:
      // A plan is free text: it is there, or the call failed and says so.
      return { recorded: call.success, redone: text !== null };
  }
}

function recordedSignal(step: Step, call: Call): Json {
  const signal = eventIn(step, "CounterSignal");
  return asJson({ compliant: call.json_compliant, signal: signal && { severity: signal.severity, kind: signal.signal_kind, message: signal.message } });
}

function signalFrom({ scrub, header }: TrialView, text: string | null): Json {
  if (text === null) return { compliant: null, signal: null };
  const { compliant, signal } = signalOf(text, readingOf(header));
  return asJson({ compliant, signal: signal && { severity: signal.severity, kind: signal.kind, message: scrub(signal.message) } });
}

function recordedJudgement(step: Step, call: Call): Json {
  const gate = step.events.find((event) => event.type === "GateDecision");
  return asJson({ compliant: call.json_compliant, outcome: gate?.outcome ?? null, reason: gate?.reason ?? null });
}

function judgementFrom({ scrub, header }: TrialView, text: string | null, call: Call): Json {
  const { compliant, outcome, reason } = judgementOf(text === null ? { failure: (call.error ?? "").split(":", 1)[0] ?? "" } : { text }, readingOf(header));
  return asJson({ compliant, outcome, reason: scrub(reason) });
}

/** Texts were scrubbed before they were kept. */
function attemptOutcome(view: TrialView, step: Step, call: Call, text: string | null): Reread {
  const patch = text === null ? noAnswer(call) : patchFrom(view, call, text);
  if (typeof patch === "string") return { missing: patch };
  const result = eventIn(step, "ToolResult");
  const recorded = { compliant: call.json_compliant, rejected: result ? rejectionOf(view, result) : null, files: recordedFiles(step) };
  const { compliant } = patch;
  const redone = patch.ok
    ? { compliant, rejected: null, files: filesOf(view, patch.changes) }
    : { compliant, rejected: { why: patch.why, detail: view.scrub(patch.detail.toWellFormed()) }, files: [] };
  return { recorded: asJson(recorded), redone: asJson(redone) };
}

const noAnswer = ({ error }: Call): Patch => ({ ok: false, why: "model-error", detail: error ?? "", compliant: null });

function rejectionOf({ evidence }: TrialView, result: EventOf<"ToolResult">): { why: string; detail: string } | null {
  const verdict = evidence.verdict(result.output_hash);
  return verdict?.status === "patch-rejected" ? { why: verdict.why, detail: verdict.detail } : null;
}

type HashedFile = readonly [path: string, hash: string | null];

function recordedFiles({ events }: Step): readonly HashedFile[] {
  const patches = events.filter((event) => event.type === "PatchApply").filter(({ success }) => success);
  return inOrder(patches.map(({ file_path: path, after_hash: hash }) => [path, hash]));
}

const filesOf = ({ scrub }: TrialView, changes: Changes): readonly HashedFile[] =>
  inOrder([...changes].map(([path, content]) => [path, content === null ? null : contentHash(scrub(content))]));

const inOrder = (files: readonly HashedFile[]): readonly HashedFile[] => files.toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The patch, or why it can't be worked out here. */
function patchFrom({ header, snapshot, scene, diffs }: TrialView, call: Call, text: string): Patch | string {
  const reading = readingOf(header);
  const read = readAnswer(text, answerFormatOf(snapshot, call), snapshot.policy.limits, reading);
  if (!read.ok) return read;
  if (typeof scene === "string") return scene;
  const applied: AppliedDiff | null = diffOf(read) === null ? null : (diffs.get(diffKey(scene.task.id, call.response_hash ?? "")) ?? null);
  if (diffOf(read) !== null && applied === null) return "the diff could not be applied here: git is missing";
  return patchOf(read, { ...scene, reading }, applied);
}
