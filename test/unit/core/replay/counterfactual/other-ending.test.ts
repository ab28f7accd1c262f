// One trial gone through again by a router that asks for what a test has it ask: what is taken from the record, what is told, and how it ends.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../../src/core/base/canonical.ts";
import type { TrialRecord } from "../../../../../src/core/capsule/record.ts";
import { AttemptLibrary } from "../../../../../src/core/replay/counterfactual/attempt-library.ts";
import { otherEnding } from "../../../../../src/core/replay/counterfactual/other-ending.ts";
import type { Command, ModelCallCommand } from "../../../../../src/core/trial/command.ts";
import type { TrialEvent } from "../../../../../src/core/trial/event.ts";
import type { Routing } from "../../../../../src/core/trial/routing.ts";
import { type AttemptScript, cloud, runOf, slot, trial, type TrialScript } from "../../metrics/summary-fixture.ts";

const routed = (more: Partial<Routing> = {}): Routing => ({
  role: "Implementer",
  mode: "Reflex",
  stage: "Implement",
  attempt: 1,
  provider: "sglang",
  model: "gpt",
  selection_reason: "reflex-first",
  stand_in: null,
  outside_policy: false,
  ...more,
});
const call = (what: ModelCallCommand["do"], more: Partial<Routing> = {}): Command => ({
  do: what,
  routing: routed(more),
  choice: { passedOver: [], conditions: null },
});
const attempt = (more: Partial<Routing> = {}): Command => call("attempt", more);
const gate = (name: "validate" | "unlock", outcome: "Pass" | "Fail" | "Skip"): Extract<Command, { do: "decide-gate" }> => ({
  do: "decide-gate",
  decision: { type: "GateDecision", gate_name: name, stage: name === "unlock" ? "Unlock" : "Validate", outcome, reason: "r", blocking: true },
});
const enter = (from: "Plan" | "Implement" | null, to: "Plan" | "Implement" | "Validate"): Command => ({ do: "enter-stage", from, to });
const note: Extract<Command, { do: "note" }> = {
  do: "note",
  event: { type: "ErrorEvent", error_code: "stage-budget-spent", message: "m", severity: "Warning", stage: "Plan", recoverable: true },
};
const stop: Command = { do: "stop", why: "run-budget-spent" };
const finished: Command = { do: "finished" };

/** A trial whose calls and verdicts stand in one step each, and the attempts of each in the record. */
function recordOf(script: TrialScript): { readonly own: TrialRecord; readonly library: AttemptLibrary } {
  const [own] = runOf({ candidates: ["gpt"], tasks: [{ id: "x" }], trials: { "gpt/x/1": script } }).trials;
  if (own === undefined) throw new Error("one trial");
  let step = 0;
  const events = own.events.map((line) => {
    if (line.payload.type !== "ToolResult") step = line.seq;
    return { ...line, step, payload: line.payload.type === "ModelCallEnvelope" ? { ...line.payload, response_hash: sha256(String(line.seq)) } : line.payload };
  });
  const stepped = { ...own, events };
  return { own: stepped, library: new AttemptLibrary([stepped]) };
}
const attemptsOf = (...attempts: readonly AttemptScript[]) => recordOf(trial(...attempts));
const twoTries = attemptsOf(slot("failed", { latencyMs: 100, costUsd: 1 }), slot("passed", { latencyMs: 200, costUsd: 2 }));

/** The trial under a router that asks for these commands in turn, and then says that it is over; `seen`: the history at each. */
function walked(commands: readonly Command[], { own, library }: ReturnType<typeof recordOf> = twoTries) {
  const seen: TrialEvent[][] = [];
  const decide = (_snapshot: unknown, _plan: unknown, history: readonly TrialEvent[]): Command => {
    seen.push([...history]);
    return commands[seen.length - 1] ?? finished;
  };
  return { ...otherEnding(own, library, { snapshot: {} as never, plan: {} as never, decide }), seen };
}

describe("the walk under another router", () => {
  it("ends with its first end, and asks no more", () => {
    expect(walked([]).seen).toHaveLength(1);
    expect(walked([stop]).seen).toHaveLength(1);
    expect(walked([enter(null, "Plan"), finished, enter(null, "Plan")]).seen).toHaveLength(2);
  });

  it("ends where the record holds nothing more, and says so to the last", () => {
    const { unknown, seen } = walked([attempt({ model: "nobody", attempt: 3 }), enter(null, "Plan")]);
    expect(unknown).toBe("Implementer nobody, attempt 3: not in the record for this task");
    expect(seen).toHaveLength(1);
    expect(walked([call("judge", { role: "Judge", model: "nobody" })]).unknown).toBe("Judge nobody: not in the record for this task");
  });

  it("writes each decision into the history that the next one is made from", () => {
    const asked = routed({ role: "NotebookLM", mode: "Service", stage: "Plan", model: "notebook" });
    const { seen } = walked([enter(null, "Plan"), { do: "consult-notebook", routing: asked }, note, gate("validate", "Pass")]);
    expect(seen.at(-1)).toEqual([
      { type: "StageTransition", from: null, to: "Plan" },
      {
        type: "RetrievalRequest",
        ...asked,
        request_id: "",
        query_hash: "0000000000000000000000000000000000000000000000000000000000000000",
        source: "tier2:notebooklm",
        skip_reason: null,
      },
      note.event,
      gate("validate", "Pass").decision,
    ]);
  });

  it("takes a recorded attempt over as it is routed now: with its number, its reason and its mode", () => {
    const { seen } = walked([attempt({ attempt: 4, selection_reason: "reflex-retry-with-feedback" })]);
    expect(seen.at(-1)).toMatchObject([
      { type: "ModelCallEnvelope", attempt: 4, selection_reason: "reflex-retry-with-feedback", latency_ms: 100 },
      { type: "ToolResult", attempt: 4, verdict: { status: "failed" } },
    ]);
    // Only what an event carries of a routing is changed.
    expect(Object.keys(seen.at(-1)?.[1] ?? {})).not.toContain("role");
  });

  it("takes the attempt that came after the same ones; else the model's next, and says that its prompt was another", () => {
    expect(walked([attempt(), attempt({ attempt: 2 })])).toMatchObject({ samePrompts: true, other: { passed: true, latencyMs: 300, costUsd: 3 } });
    const mixed = attemptsOf(slot("failed"), cloud("failed", { latencyMs: 1 }), slot("passed", { latencyMs: 7 }));
    expect(walked([attempt(), attempt({ attempt: 2 })], mixed)).toMatchObject({ samePrompts: false, other: { passed: true }, unknown: "" });
  });
});

describe("how the trial would have ended", () => {
  const judged = (outcome: "Pass" | "Fail") => [attempt(), attempt({ attempt: 2 }), gate("unlock", outcome)];

  it("is by its last attempt and its unlock gate", () => {
    expect(walked(judged("Pass")).other).toEqual({ passed: true, unlocked: true, latencyMs: 300, costUsd: 3 });
    expect(walked(judged("Fail")).other).toMatchObject({ passed: true, unlocked: false });
    expect(walked([attempt()]).other).toEqual({ passed: false, unlocked: false, latencyMs: 100, costUsd: 1 });
  });

  it("is without a pass where it is over before any attempt, wherever that is", () => {
    for (const before of [[], [enter(null, "Plan")], [enter(null, "Plan"), enter("Plan", "Implement")]])
      expect(walked(before).other).toEqual({ passed: false, unlocked: false, latencyMs: 0, costUsd: 0 });
  });

  it("is not known where attempts could still have come; past them only the unlock is open", () => {
    const lost = attempt({ model: "nobody" });
    const open = { unlocked: null, latencyMs: null, costUsd: null };
    expect(walked([enter(null, "Plan"), lost]).other).toEqual({ passed: null, ...open });
    expect(walked([enter(null, "Plan"), enter("Plan", "Implement"), attempt(), lost]).other).toEqual({ passed: null, ...open });
    expect(walked([attempt(), attempt({ attempt: 2 }), enter("Implement", "Validate"), call("judge", { role: "Judge" })]).other).toEqual({
      passed: true,
      ...open,
    });
  });

  it("is not known where the last attempt came to no verdict", () => {
    expect(walked([attempt()], attemptsOf(slot("infrastructure"))).other).toMatchObject({ passed: null });
  });

  it("takes a time or costs a sum that is not known as soon as one part of it is not", () => {
    const [known, reused, unpriced] = [slot("failed", { costUsd: 1 }), slot("failed", { answerReused: true }), slot("failed", { costUsd: null })];
    const both = (...attempts: readonly AttemptScript[]) => walked([attempt(), attempt({ attempt: 2 })], attemptsOf(...attempts)).other;
    expect([both(known, reused).latencyMs, both(reused, known).latencyMs, both(known, known).latencyMs]).toEqual([null, null, 800]);
    expect([both(known, unpriced).costUsd, both(unpriced, known).costUsd, both(known, known).costUsd]).toEqual([null, null, 2]);
  });
});

describe("how the trial ended", () => {
  const recordedOf = (script: TrialScript) => walked([], recordOf(script)).recorded;

  it("is told by its record, with what its steps took and cost", () => {
    expect(walked([]).recorded).toEqual({ passed: true, unlocked: true, latencyMs: 300, costUsd: 3 });
    expect(recordedOf(trial(slot("failed")))).toMatchObject({ passed: false, unlocked: false });
    expect(recordedOf({ attempts: [slot("passed")], unlock: "Fail" })).toMatchObject({ passed: true, unlocked: false });
  });

  it("is not known where the run was stopped in it; nor is more than time and cost where it came to no verdict", () => {
    expect(recordedOf({ attempts: [slot("passed")], unlock: null })).toEqual({ passed: null, unlocked: null, latencyMs: null, costUsd: null });
    expect(recordedOf(trial(slot("infrastructure", { latencyMs: 5 })))).toEqual({ passed: null, unlocked: null, latencyMs: 5, costUsd: 0 });
  });
});

describe("the first decision that comes out otherwise", () => {
  /** The same trial with one event alone, the third of its file. */
  const alone = (payload: TrialEvent) => {
    const [line] = twoTries.own.events;
    if (line === undefined) throw new Error("an event");
    return { ...twoTries, own: { ...twoTries.own, events: [{ ...line, seq: 3, payload }] } };
  };
  const changeOf = (payload: TrialEvent, ...commands: readonly Command[]) => walked(commands, alone(payload)).change;
  const decision: TrialEvent = { type: "RoutingDecision", is_fallback: false, ...routed() };

  it.each([
    ["role", "Judge"],
    ["mode", "Cloud"],
    ["provider", "otherwise"],
    ["model", "otherwise"],
    ["stand_in", "oracle"],
    ["selection_reason", "escalated"],
  ] as const)("is one of another %s", (key, other) => {
    expect(changeOf(decision, key === "role" ? call("judge", { role: other }) : attempt({ [key]: other }))).toEqual({
      kind: "routing decisions",
      seq: 3,
      recorded: expect.objectContaining({ [key]: routed()[key] }) as unknown,
      other: expect.objectContaining({ [key]: other }) as unknown,
    });
  });

  it("is a stage that is left or entered otherwise, or a gate of another name or outcome", () => {
    const [stage, gated] = [
      { type: "StageTransition", from: "Plan", to: "Implement" },
      { type: "GateDecision", gate_name: "unlock", stage: "Unlock", outcome: "Pass", reason: "then", blocking: true },
    ] as const;
    const recorded = { from: "Plan", to: "Implement" };
    expect(changeOf(stage, enter("Implement", "Implement"))).toEqual({
      kind: "stage changes",
      seq: 3,
      recorded,
      other: { from: "Implement", to: "Implement" },
    });
    expect(changeOf(stage, enter("Plan", "Validate"))).toMatchObject({ other: { from: "Plan", to: "Validate" } });
    expect(changeOf(gated, gate("unlock", "Fail"))).toMatchObject({
      kind: "gate decisions",
      recorded: { gate_name: "unlock", outcome: "Pass" },
      other: { outcome: "Fail" },
    });
    expect(changeOf(gated, gate("validate", "Pass"))).toMatchObject({ other: { gate_name: "validate" } });
  });

  it("is none where only words and numbers beside the decision differ", () => {
    expect(changeOf(decision, attempt({ attempt: 2 }))).toBeNull();
    expect(changeOf(note.event, { ...note, event: { ...note.event, message: "other words" } })).toBeNull();
  });

  it("is the end of either, told by what the other goes on with", () => {
    expect(changeOf(decision)).toEqual({
      kind: "routing decisions",
      seq: 3,
      recorded: expect.objectContaining({ role: "Implementer" }) as unknown,
      other: null,
    });
    expect(changeOf(decision, stop)).toMatchObject({ other: stop });
    expect(changeOf(decision, attempt(), gate("unlock", "Pass"))).toEqual({
      kind: "trial ends",
      seq: null,
      recorded: null,
      other: { gate_name: "unlock", outcome: "Pass" },
    });
  });

  it("is a note that was made, or would be, where the other decides something", () => {
    const spent = { error_code: "stage-budget-spent" };
    expect(changeOf(note.event, gate("unlock", "Pass"))).toMatchObject({ kind: "budget decisions", seq: 3, recorded: spent });
    expect(changeOf(decision, note)).toMatchObject({ kind: "routing decisions", other: spent });
    // What else is noted was decided by nobody.
    expect(changeOf({ ...note.event, error_code: "server-restarted" }, note)).toMatchObject({ kind: "trial ends", other: spent });
  });
});
