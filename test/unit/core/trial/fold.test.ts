// A trial's state from its events: what counts, what waits for the rest of its step, what can't be.
import { describe, expect, it } from "vitest";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import type { Routing } from "../../../../src/core/trial/routing.ts";
import { foldTrial } from "../../../../src/core/trial/fold.ts";
import { attemptEvents, outcomeOf, type World } from "../router/history.ts";

const routing: Routing = {
  role: "Implementer",
  mode: "Reflex",
  stage: "Implement",
  attempt: 1,
  provider: "local",
  model: "small",
  selection_reason: "reflex-first",
  stand_in: null,
  outside_policy: false,
};
const world: World = { attempt: () => "failed", judge: () => "yes", critic: () => "block" };
const gate = (gate_name: "validate" | "judge" | "unlock"): TrialEvent => ({
  type: "GateDecision",
  gate_name,
  stage: "Unlock",
  outcome: "Pass",
  reason: "r",
  blocking: true,
});

describe("foldTrial", () => {
  it("starts with nothing known", () => {
    expect(foldTrial([])).toMatchObject({ stage: null, attempts: [], plan: null, unlocked: null, notebookAsked: false });
  });

  it("counts an attempt once its result is there", () => {
    const events = attemptEvents(routing, "failed");
    expect(foldTrial(events.slice(0, -1)).attempts).toHaveLength(0);
    const [attempt] = foldTrial(events).attempts;
    expect([attempt?.mode, attempt?.patches.length, attempt?.result.verdict.status]).toEqual(["Reflex", 1, "failed"]);
  });

  it("takes a call that was never answered by a result for superseded by the next", () => {
    const [call] = attemptEvents(routing, "failed");
    const state = foldTrial([call as TrialEvent, ...attemptEvents({ ...routing, mode: "Cloud" }, "passed")]);
    expect(state.attempts.map(({ mode }) => mode)).toEqual(["Cloud"]);
  });

  it("takes further tries for tries of the same attempt, in order, and a first try for a new one", () => {
    const [call, ...rest] = attemptEvents(routing, "failed") as [TrialEvent & { type: "ModelCallEnvelope" }, ...TrialEvent[]];
    const earlierOf = (...tries: readonly number[]) => {
      const [attempt] = foldTrial([...tries.map((number) => ({ ...call, try: number })), ...rest]).attempts;
      return [attempt?.earlier.map((tried) => tried.try), attempt?.call.try];
    };
    expect(earlierOf(1)).toEqual([[], 1]);
    expect(earlierOf(1, 2, 3)).toEqual([[1, 2], 3]);
    expect(earlierOf(1, 2, 1)).toEqual([[], 1]);
    expect(earlierOf(2)).toEqual([[], 2]);
  });

  it("takes a call in the notebook's name, which is asked another way, for nobody's answer", () => {
    const [call] = attemptEvents(routing, "failed");
    const { plan, critique, judgement, attempts } = foldTrial([{ ...(call as TrialEvent & { type: "ModelCallEnvelope" }), role: "NotebookLM" }]);
    expect([plan, critique, judgement, attempts]).toEqual([null, null, null, []]);
  });

  it("keeps the gates apart", () => {
    const state = foldTrial([gate("validate"), gate("judge"), gate("unlock")]);
    expect([state.validated, state.judgeSays, state.unlocked].map((each) => each?.type === "GateDecision" && each.gate_name)).toEqual([
      "validate",
      "judge",
      "unlock",
    ]);
  });

  it("keeps the critic's signal and the calls of each role", () => {
    const roles = (["Architect", "SidecarCritic", "Judge"] as const).map(
      (role): TrialEvent => ({ ...(attemptEvents(routing, "failed")[0] as TrialEvent & { type: "ModelCallEnvelope" }), role }),
    );
    const state = foldTrial([
      ...roles,
      ...outcomeOf({ do: "critique", routing: { ...routing, role: "SidecarCritic" }, choice: { passedOver: [], conditions: null } }, world),
    ]);
    expect([state.plan?.role, state.critique?.role, state.judgement?.role, state.signal?.severity]).toEqual(["Architect", "SidecarCritic", "Judge", "block"]);
  });

  it("adds up the tokens of each stage, and counts the calls that did not say all of theirs", () => {
    const call = attemptEvents(routing, "failed")[0] as TrialEvent & { type: "ModelCallEnvelope" };
    const calls = [
      { ...call, prompt_tokens: 10, response_tokens: 5 },
      { ...call, prompt_tokens: 20, response_tokens: null },
      { ...call, prompt_tokens: null, response_tokens: 1 },
      { ...call, stage: "Audit" as const, prompt_tokens: 3, response_tokens: 4 },
    ];
    expect(foldTrial(calls).tokens).toEqual({ Implement: { known: 36, unknownCalls: 2 }, Audit: { known: 7, unknownCalls: 0 } });
  });

  it("takes only the note of a spent stage for one", () => {
    const note = (code: string): TrialEvent => ({ type: "ErrorEvent", error_code: code, message: "m", severity: "Warning", stage: "Audit", recoverable: true });
    expect([foldTrial([note("another")]).spentNoted, foldTrial([note("stage-budget-spent")]).spentNoted]).toEqual([null, "Audit"]);
  });

  it("refuses a result without the call that led to it as damage", () => {
    const result = attemptEvents(routing, "failed").at(-1) as TrialEvent;
    expect(() => foldTrial([result])).toThrow(expect.objectContaining({ code: "integrity" }));
    expect(() => foldTrial([result])).toThrow("a tool result without the call that led to it");
    expect(() => foldTrial([...attemptEvents(routing, "failed"), result])).toThrow(expect.objectContaining({ code: "integrity" }));
  });

  it("ignores what tells of the trial but decides nothing", () => {
    const aside: TrialEvent[] = [
      { type: "RoutingDecision", is_fallback: false, ...routing },
      { type: "RetrievalResponse", request_id: "r", response_hash: null, latency_ms: 0, error: null },
      { type: "ErrorEvent", error_code: "e", message: "m", severity: "Error", stage: null, recoverable: true },
    ];
    expect(foldTrial(aside)).toEqual(foldTrial([]));
  });
});
