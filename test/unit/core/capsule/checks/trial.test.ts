// What every trial must record: what has to come before an event, and what is missing at the end.
import { describe, expect, it } from "vitest";
import { type EventLine, LATE_SEQ } from "../../../../../src/core/capsule/line.ts";
import type { EventOf, TrialEvent } from "../../../../../src/core/trial/event.ts";
import type { Routing } from "../../../../../src/core/trial/routing.ts";
import { headerOf, taskNamed } from "../../../run/fakes.ts";
import { attemptEvents } from "../../router/history.ts";
import { faultOf, FIRST_ATTEMPT, plainLine } from "../sealed.ts";

const header = headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"] });
const T = "small/fix-a/1";
const reference: TrialEvent = { type: "PolicySnapshotRef", policy_uri: "u", policy_id: "p", policy_hash: "0".repeat(64) };
const decided = (change: Partial<Routing> = {}): TrialEvent => ({ type: "RoutingDecision", ...FIRST_ATTEMPT, ...change }) as TrialEvent;
const [called, patched, verified] = attemptEvents(FIRST_ATTEMPT, "failed") as [EventOf<"ModelCallEnvelope">, TrialEvent, EventOf<"ToolResult">];
const [, , rejected] = attemptEvents(FIRST_ATTEMPT, "patch-rejected") as [TrialEvent, TrialEvent, EventOf<"ToolResult">];
const tool: TrialEvent = { type: "ToolCall", ...FIRST_ATTEMPT, call_id: "v", tool_name: "verify", args_hash: "0".repeat(64) } as unknown as TrialEvent;
const goes = (from: EventOf<"StageTransition">["from"], to: EventOf<"StageTransition">["to"]): TrialEvent => ({ type: "StageTransition", from, to });
const STAGES = [goes(null, "Plan"), goes("Plan", "Implement"), goes("Implement", "Validate"), goes("Validate", "Audit"), goes("Audit", "Unlock")];
const gate = (name: "validate" | "judge" | "unlock"): TrialEvent => ({
  type: "GateDecision",
  gate_name: name,
  stage: "Unlock",
  outcome: "Pass",
  reason: "r",
  blocking: true,
});

/** The lines as they are: no schema has to allow what a forger writes. */
const lines = (events: readonly TrialEvent[], trial: string | null = T): EventLine[] =>
  events.map((payload, seq) => ({ ...plainLine(trial, seq), payload, event_type: payload.type, uri: `${payload.type} ${seq}` }));
const fault = (...events: readonly TrialEvent[]) => faultOf("mandatory-events", header, { events: [...lines([reference], null), ...lines(events)] });

describe("an answer that is used again", () => {
  const reused = { ...called, answer_reused: true, success: true, latency_ms: 0, ttft_ms: null, first_output_ms: null, cost_usd: 0 } as const;
  const found = (event: TrialEvent, head = { ...header, answer_cache: true as const }) => faultOf("reused-answers", head, { events: lines([event]) });

  it("took no time and no money, in a run that says that there are such", () => {
    expect(found(reused)).toBeNull();
    expect(found(called, header as typeof header & { answer_cache: true })).toBeNull();
  });

  it.each<[string, TrialEvent]>([
    ["a time", { ...reused, latency_ms: 12 }],
    ["a first token", { ...reused, ttft_ms: 3 }],
    ["a first token of the answer", { ...reused, first_output_ms: 3 }],
    ["a cost", { ...reused, cost_usd: 0.1 }],
    ["no known cost", { ...reused, cost_usd: null }],
    ["a failure", { ...reused, success: false }],
  ])("is none with %s", (_, event) => {
    expect(found(event)).toContain("tells of a failure, a time or a cost");
  });

  it("is none in a run whose header knows of no cache", () => {
    expect(found(reused, header as typeof header & { answer_cache: true })).toContain("knows of no answer cache");
  });
});

describe("what has to come before an event", () => {
  it("is there in a trial from its first stage to its unlock decision", () => {
    const [plan, implement, ...rest] = STAGES;
    expect(
      fault(
        ...(plan && implement ? [plan, implement] : []),
        decided(),
        called,
        patched,
        tool,
        verified,
        ...rest,
        gate("validate"),
        gate("judge"),
        gate("unlock"),
      ),
    ).toBeNull();
  });

  it("is the run's reference to its policy, before anything", () => {
    const first = (events: readonly EventLine[]) => faultOf("mandatory-events", header, { events });
    expect(first(lines([goes(null, "Plan")]))).toBe("a StageTransition comes before the run's PolicySnapshotRef");
    const observed = { ...reference, observed_hash: "1".repeat(64) } as TrialEvent;
    expect(first(lines([observed], null))).toBe("a PolicySnapshotRef comes before the run's PolicySnapshotRef");
    expect(first([...lines([reference], null), ...lines([goes(null, "Plan")])])).toBeNull();
  });

  it("is every stage before the next one", () => {
    expect(fault(goes("Plan", "Implement"))).toBe(`trial ${T} goes from Plan to Implement, where a StageTransition from nowhere to Plan must follow`);
    expect(fault(goes(null, "Plan"), goes("Plan", "Validate"))).toContain("from Plan to Implement must follow");
    expect(fault(goes(null, "Plan"), goes(null, "Implement"))).toContain("goes from nowhere to Implement, where a StageTransition from Plan to Implement");
    expect(fault(...STAGES, goes("Unlock", "Plan"))).toContain("from Unlock to nowhere must follow");
  });

  it.each<[string, Partial<Routing>]>([
    ["role", { role: "Judge" }],
    ["mode", { mode: "Cloud" }],
    ["stage", { stage: "Audit" }],
    ["attempt", { attempt: 2 }],
    ["provider", { provider: "q" }],
    ["model", { model: "n" }],
  ])("of a call is the decision for it, of the same %s", (_, other) => {
    expect(fault(decided(other), called)).toBe(`trial ${T} has a call of the Implementer without its RoutingDecision`);
    expect(fault(decided(other), decided(), called)).toBeNull();
  });

  it("of a call is not one whose names only run together like its own", () => {
    expect(fault(decided({ provider: "pm", model: "" }), { ...called, model: "m" })).toBe(
      `trial ${T} has a call of the Implementer without its RoutingDecision`,
    );
  });

  it("of a tool call and its result is the Implementer's call, and no other's", () => {
    expect(fault(tool)).toBe(`trial ${T} has a ToolCall without the Implementer's call`);
    const judge = { ...called, role: "Judge" } as const;
    expect(fault(decided({ role: "Judge" }), judge, tool)).toBe(`trial ${T} has a ToolCall without the Implementer's call`);
    expect(fault(rejected)).toBe(`trial ${T} has a ToolResult without the Implementer's call`);
  });

  it("of a result is its own tool call, unless the patch could not be applied", () => {
    expect(fault(decided(), called, verified)).toBe(`trial ${T} has a ToolResult without its ToolCall`);
    expect(fault(decided(), called, { ...tool, call_id: "w" } as TrialEvent, verified)).toBe(`trial ${T} has a ToolResult without its ToolCall`);
    expect(fault(decided(), called, rejected)).toBeNull();
  });

  it("of a second result is a call of its own", () => {
    const attempt = [decided(), called, tool, verified];
    expect(fault(...attempt, ...attempt)).toBeNull();
    expect(fault(...attempt, tool)).toBe(`trial ${T} has a ToolCall without the Implementer's call`);
    expect(fault(...attempt, decided(), called, verified)).toBe(`trial ${T} has a ToolResult without its ToolCall`);
  });

  it("of the unlock decision is every stage and the validate decision", () => {
    const why = `trial ${T} is unlocked without a validate GateDecision and all stages before it`;
    expect(fault(...STAGES, gate("unlock"))).toBe(why);
    expect(fault(...STAGES, gate("judge"), gate("unlock"))).toBe(why);
    expect(fault(...STAGES.slice(0, 4), gate("validate"), gate("unlock"))).toBe(why);
    expect(fault(...STAGES, gate("validate"), gate("unlock"))).toBeNull();
  });

  it("is nothing after the unlock decision: it is the last", () => {
    expect(fault(...STAGES, gate("validate"), gate("unlock"), decided())).toBe(`trial ${T} goes on with a RoutingDecision after its unlock GateDecision`);
    expect(fault(...STAGES, gate("validate"), gate("unlock"), gate("judge"))).toContain("goes on with a GateDecision");
  });

  it("is asked of each trial apart, and neither of the run's own events nor of late answers", () => {
    const events = [...lines([reference, tool], null), ...lines([goes(null, "Plan")]), ...lines([goes(null, "Plan")], "small/fix-c/1")];
    expect(faultOf("mandatory-events", header, { events })).toBeNull();
    const late = (seq: number) => ({ ...plainLine(T, 0), seq, payload: tool });
    expect(faultOf("mandatory-events", header, { events: [...lines([reference], null), late(LATE_SEQ)] })).toBeNull();
    expect(faultOf("mandatory-events", header, { events: [...lines([reference], null), late(LATE_SEQ - 1)] })).not.toBeNull();
  });

  it("is nothing where an event stands by itself", () => {
    expect(
      fault(patched, { type: "ErrorEvent" } as TrialEvent, { type: "CalibrationPlant" } as TrialEvent, { type: "ServerIdentity" } as TrialEvent),
    ).toBeNull();
    expect(fault({ type: "CounterSignal" } as TrialEvent, { type: "RetrievalRequest" } as TrialEvent, { type: "RetrievalResponse" } as TrialEvent)).toBeNull();
    expect(fault({ type: "FallbackActivated" } as TrialEvent, { type: "BreakerStateChanged" } as TrialEvent, reference)).toBeNull();
  });
});

describe("planned trials", () => {
  const open = (events: readonly EventLine[]) => faultOf("trials-finished", header, { events });
  const done = (trial: string) => lines([gate("unlock")], trial);

  it("all have their unlock decision, and no other gate stands for it", () => {
    expect(open([...done(T), ...done("small/fix-c/1")])).toBeNull();
    expect(open(done(T))).toBe("trial small/fix-c/1 has no unlock decision");
    expect(open([])).toBe(`trial ${T} has no unlock decision`);
    expect(open([...done(T), ...lines([gate("judge"), gate("validate"), reference], "small/fix-c/1")])).toBe("trial small/fix-c/1 has no unlock decision");
  });
});

describe("calls of unknown cost or length", () => {
  const known = { ...called, prompt_tokens: 1, response_tokens: 1, cost_usd: 1 };
  const noted = (code: string): TrialEvent => ({ type: "ErrorEvent", error_code: code }) as TrialEvent;
  const missing = (...events: readonly TrialEvent[]) => faultOf("unknowns-noted", header, { events: lines(events) });
  const why = (code: string): string => `a call has an unknown cost or length, and no ${code} says so`;

  it("are noted once, whenever that is said", () => {
    expect(missing(known)).toBeNull();
    expect(missing({ ...known, cost_usd: null })).toBe(why("cost-unknown"));
    expect(missing({ ...known, prompt_tokens: null })).toBe(why("tokens-unknown"));
    expect(missing(noted("cost-unknown"), { ...known, cost_usd: null }, { ...known, cost_usd: null })).toBeNull();
    expect(missing({ ...known, response_tokens: null }, noted("tokens-unknown"))).toBeNull();
    expect(missing({ ...known, response_tokens: null }, noted("cost-unknown"))).toBe(why("tokens-unknown"));
  });
});
