// Level 0 beyond hashes: what a record that was rewritten by hand, hashes and all, contradicts itself in.
import { type Json, type Sha256, sha256 } from "../../base/canonical.ts";
import { isCalibrationId } from "../../capsule/record.ts";
import { callCost, pricingOf } from "../../trial/call-cost.ts";
import { CAPTURE_NAMES, isCaptured } from "../../trial/capture.ts";
import { type EventOf, type EventReaders, type EventType, readEvent, type TrialEvent } from "../../trial/event.ts";
import type { Mode, Role, Routing } from "../../trial/routing.ts";
import { textsOf } from "../../trial/event-texts.ts";
import { verdictClaim } from "../../trial/verdict-claim.ts";
import { patchIdOf } from "../../verdict/patch-id.ts";
import { summariseVerdict } from "../../verdict/summary.ts";
import { AGREED, asJson, type Check, type Claim, compared, type Level, type TrialView } from "../check.ts";
import { isRedacted, REDACTED } from "../evidence.ts";
import { eventIn } from "../step.ts";

const check = (name: string, sentence: string, what: string, claims: Check["claims"]): Check => ({
  name,
  sentence,
  what,
  cause: "record",
  claims,
});

const CHECKS: readonly Check[] = [
  check("verdict-fits-evidence", "A verdict is the summary of the one stored in full.", "verdicts", verdicts),
  check("reused-verdict-is-known", "A verdict that was reused is that of an attempt on the same tree.", "reused verdicts", reusedVerdicts),
  check("kept-verdict-is-a-plants", "A verdict is kept from an earlier run only where a patch was planted.", "kept verdicts", keptVerdicts),
  check("patch-id-fits-files", "A patch's id is the hash of its files.", "patch ids", patchIds),
  check("call-fits-decision", "Calls are made as the decision before them says.", "calls", calls),
  check("result-fits-call", "Patches and results are those of the attempt that they stand in.", "results", results),
  check("captured-texts-are-stored", "What the capture mode keeps is in the capsule.", "captured texts", capturedTexts),
  check("failure-fits-call", "A call that failed has an error and no answer, and its attempt is rejected for that.", "outcomes of calls", outcomes),
  check("cost-fits-tokens", "A call's cost is its tokens at the policy's prices.", "costs", costs),
  check("answer-fits-question", "The notebook's answer belongs to a question of the same trial.", "notebook answers", notebookAnswers),
  { ...check("capture-fits-policy", "Calls are captured as the policy says.", "capture modes", captureModes), cause: "policy" },
];

export const integrity: Level = {
  sentence: "The file is the one that was sealed, its hashes hold, and no event contradicts the evidence stored beside it.",
  needsPolicy: false,
  checks: () => ({ trials: CHECKS, planted: CHECKS }),
  outcome: ({ signature }) => ({ notes: [signature.detail] }),
};

const ofType = <T extends TrialEvent["type"]>({ events }: TrialView, type: T) => events.filter((event): event is EventOf<T> => event.type === type);

function* verdicts(view: TrialView): Iterable<Claim> {
  for (const result of ofType(view, "ToolResult")) {
    const seq = view.seqOf(result);
    const stored = view.evidence.verdict(result.output_hash);
    if (stored === null) yield missingVerdict(view, result, seq);
    else {
      const { recorded, redone } = verdictClaim(result, summariseVerdict(stored));
      yield { seq, ...compared(recorded, redone) };
    }
  }
}

/** Why a verdict is not proven: its full text is missing, left out of an export or never there. */
export const VERDICT_MISSING = "the verdict's full text is not in the record";

/** A text that is there and is no verdict is damage, not a gap. */
function missingVerdict(view: TrialView, result: EventOf<"ToolResult">, seq: number): Claim {
  if (view.evidence.holds(result.output_hash)) return { seq, recorded: "a text that is no verdict", redone: "a verdict" };
  return { seq, missing: VERDICT_MISSING };
}

function* reusedVerdicts(view: TrialView): Iterable<Claim> {
  for (const step of view.steps) {
    const [call, result] = [eventIn(step, "ToolCall"), eventIn(step, "ToolResult")];
    if (!call || !result?.reused || result.kept) continue;
    const known = view.verified.of(view.trial.task.id, call.tree_hash);
    const seq = view.seqOf(result);
    if (known.length === 0) yield { seq, missing: "the attempt that ran on the same tree is not in the record" };
    else
      yield { seq, recorded: known.includes(result.output_hash) ? null : result.output_hash, redone: known.includes(result.output_hash) ? null : [...known] };
  }
}

/** That it is in the capsule in full, and says what is told of it, is claimed of every verdict. Level 4 runs cargo on its tree as on any other. */
function* keptVerdicts(view: TrialView): Iterable<Claim> {
  for (const step of view.steps) {
    const [call, result] = [eventIn(step, "ToolCall"), eventIn(step, "ToolResult")];
    if (!call || !result?.kept) continue;
    const seq = view.seqOf(result);
    const mayBeKept = isCalibrationId(view.trial.id) && view.header.calibration === "whole-run";
    yield { seq, recorded: { kept: true, reused: result.reused }, redone: { kept: mayBeKept, reused: true } };
    if (disagrees(view, call.tree_hash, result)) yield { seq, missing: "the run itself came to another verdict on this tree" };
  }
}

/** Did an attempt of this run come to another outcome on the same tree? */
function disagrees(view: TrialView, tree: Sha256, result: EventOf<"ToolResult">): boolean {
  const others = view.verified.of(view.trial.task.id, tree).flatMap((hash) => view.evidence.verdict(hash) ?? []);
  return others.length > 0 && others.every(({ status }) => status !== result.verdict.status);
}

function* patchIds(view: TrialView): Iterable<Claim> {
  for (const step of view.steps) {
    const patches = step.events.filter((event) => event.type === "PatchApply");
    const [first] = patches;
    if (!first) continue;
    const applied = patches.every((patch) => patch.success);
    const id = applied ? patchIdOf(patches.map((patch) => [patch.file_path, patch.after_hash])) : sha256("");
    // Ids were once over the files as cargo had them.
    const missing = first.patch_id !== id && isRedacted(view.evidence, patches) ? REDACTED : null;
    for (const patch of patches)
      yield missing === null ? { seq: view.seqOf(patch), recorded: patch.patch_id, redone: id } : { seq: view.seqOf(patch), missing };
  }
}

const ROUTING_KEYS = [
  "role",
  "mode",
  "stage",
  "attempt",
  "provider",
  "model",
  "selection_reason",
  "stand_in",
  "outside_policy",
] as const satisfies readonly (keyof Routing)[];
const routingOf = (event: Routing) => Object.fromEntries(ROUTING_KEYS.map((key) => [key, event[key]]));

/** Events that say who was called, and by which mode. */
const CALLED: EventReaders<Called> = {
  ModelCallEnvelope: (call) => ({ routing: call, mode: call.routing_mode }),
  ToolCall: (call) => ({ routing: call, mode: call.mode }),
};

interface Called {
  readonly routing: Routing;
  readonly mode: Mode;
}

function routedAlike(decision: Routing | null, { routing, mode }: Called): { readonly recorded: Json; readonly redone: Json } {
  if (decision !== null && decision.mode === mode && ROUTING_KEYS.every((key) => decision[key] === routing[key])) return AGREED;
  return { recorded: asJson({ ...routingOf(routing), own: mode }), redone: decision && asJson({ ...routingOf(decision), own: decision.mode }) };
}

function* calls(view: TrialView): Iterable<Claim> {
  for (const step of view.steps) {
    let decision: EventOf<"RoutingDecision"> | null = null;
    for (const event of step.events) {
      decision = readEvent({ RoutingDecision: (found) => found }, event) ?? decision;
      const called = readEvent(CALLED, event);
      if (called === null) continue;
      yield { seq: view.seqOf(event), ...routedAlike(decision, called) };
    }
  }
}

const SAID_BESIDE = "a signal or a judgement that nobody was asked for";
const SAID_BY: Partial<Record<EventType, Role>> = { CounterSignal: "SidecarCritic", GateDecision: "Judge" };

/** What is said of a patch by somebody else, or once more: a trial goes by the last, rates by the first, and only one is held against its answer. */
function* saidBeside({ steps, seqOf }: TrialView): Iterable<Claim> {
  for (const step of steps) {
    const by = eventIn(step, "RoutingDecision")?.role ?? null;
    const said = step.events.filter((event) => event.type === "CounterSignal" || (event.type === "GateDecision" && event.gate_name === "judge"));
    for (const [index, event] of said.entries())
      if (index > 0 || SAID_BY[event.type] !== by) yield { seq: seqOf(event), says: SAID_BESIDE, recorded: { said: event.type, by }, redone: null };
  }
}

function* results(view: TrialView): Iterable<Claim> {
  yield* saidBeside(view);
  for (const step of view.steps) {
    const [decision, call, result] = [eventIn(step, "RoutingDecision"), eventIn(step, "ToolCall"), eventIn(step, "ToolResult")];
    if (!decision || !result) continue;
    const { attempt, stage } = decision;
    for (const event of step.events) {
      if (event.type === "PatchApply") yield { seq: view.seqOf(event), recorded: { attempt: event.attempt, stage: event.stage }, redone: { attempt, stage } };
    }
    const own = {
      attempt,
      stage,
      call_id: call?.call_id ?? result.call_id,
      tool_name: call?.tool_name ?? result.tool_name,
      reused: call !== null && result.duration_ms === 0,
    };
    const { call_id, tool_name, reused } = result;
    yield { seq: view.seqOf(result), recorded: { attempt: result.attempt, stage: result.stage, call_id, tool_name, reused }, redone: own };
  }
}

/** Patches and verdicts are kept in every mode. */
function* capturedTexts(view: TrialView): Iterable<Claim> {
  const mode = CAPTURE_NAMES[view.snapshot.policy.capture.mode];
  for (const { payload, seq } of view.trial.events) {
    for (const { capturedAs, sha256: hash } of textsOf(payload)) {
      if (!isCaptured(mode, capturedAs)) continue;
      if (view.withheld(hash)) yield { seq, missing: "left out of this export" };
      else yield { seq, recorded: hash, redone: view.evidence.holds(hash) ? hash : null };
    }
  }
}

function* outcomes(view: TrialView): Iterable<Claim> {
  for (const step of view.steps) {
    const call = step.events.findLast((event) => event.type === "ModelCallEnvelope");
    if (!call) continue;
    const failed = call.response_hash === null;
    yield { seq: view.seqOf(call), recorded: { success: call.success, error: call.error !== null }, redone: { success: !failed, error: failed } };
    const result = eventIn(step, "ToolResult");
    if (failed && result) yield { seq: view.seqOf(result), recorded: result.verdict.status, redone: "patch-rejected" };
  }
}

function* costs(view: TrialView): Iterable<Claim> {
  const pricing = pricingOf(view.snapshot);
  for (const call of ofType(view, "ModelCallEnvelope")) {
    const { cost_usd: usd, unpriced = null } = callCost(pricing, call);
    yield { seq: view.seqOf(call), recorded: call.cost_usd, redone: usd };
    // Runs of before did not say so.
    if (call.unpriced !== undefined) yield { seq: view.seqOf(call), recorded: call.unpriced, redone: unpriced };
  }
}

function* notebookAnswers({ trial }: TrialView): Iterable<Claim> {
  const asked = new Set<string>();
  const readers: EventReaders<{ readonly recorded: Json; readonly redone: Json } | null> = {
    RetrievalRequest: ({ request_id: id }) => {
      asked.add(id);
      return null;
    },
    RetrievalResponse: ({ request_id: id, response_hash: answer, error }) => ({
      recorded: { asked: asked.has(id), answered: answer !== null },
      redone: { asked: true, answered: error === null },
    }),
  };
  for (const { seq, payload } of trial.events) {
    const claim = readEvent(readers, payload);
    if (claim !== null) yield { seq, ...claim };
  }
}

function* captureModes(view: TrialView): Iterable<Claim> {
  const mode = CAPTURE_NAMES[view.snapshot.policy.capture.mode];
  for (const call of ofType(view, "ModelCallEnvelope")) yield { seq: view.seqOf(call), recorded: call.capture_mode, redone: mode };
}
