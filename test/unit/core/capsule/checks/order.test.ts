// Checks of the events' order: numbers without a gap, steps that are whole, envelopes that name what they hold.
import { describe, expect, it } from "vitest";
import { type EventLine, eventUri, LATE_SEQ } from "../../../../../src/core/capsule/line.ts";
import { headerOf, taskNamed } from "../../../run/fakes.ts";
import { faultOf, plainLine, sealOf } from "../sealed.ts";

const header = headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small", "other"] });
const line = (trial: string | null, seq: number, facts: Partial<EventLine> = {}): EventLine =>
  plainLine(trial, seq, { uri: `${trial ?? "run"} ${seq}`, ...facts });
const seal = sealOf(header);

describe("plan order", () => {
  const fault = (events: readonly EventLine[], sealed = true) => faultOf("plan-order", header, { events, ...(sealed ? { seal } : {}) });
  const planned = [line(null, 0), line(null, 1), line("small/fix-a/1", 0), line("small/fix-a/1", 3), line("other/fix-a/1", 0), line("small/fix-c/1", 0)];
  const plants = [line("calibration/fix-a/broken-1", 0), line("calibration/fix-a/broken-1", 1), line("calibration/fix-c/broken-1", 0)];

  it("has the run's events, then trials as planned, then calibration by name", () => {
    expect(fault([...planned, ...plants])).toBeNull();
    expect(fault([])).toBeNull();
  });

  it("is broken by any two events that have changed places", () => {
    const all = [...planned, ...plants];
    for (let index = 1; index < all.length; index += 1) {
      const [one, other] = [all[index - 1], all[index]] as [EventLine, EventLine];
      expect(fault(all.with(index - 1, other).with(index, one))).toMatch(/^event .* is in the wrong place$/);
    }
  });

  it("is broken by an event that comes twice, and the first fault is told", () => {
    expect(fault([line(null, 0), line(null, 0)])).toBe("event run 0 is in the wrong place");
    expect(fault([line("small/fix-a/1", 0), line(null, 0), line("small/fix-a/1", 0)])).toBe("event run 0 is in the wrong place");
  });

  it("is not asked of a journal, whose events are in the order of arrival", () => expect(fault(planned.toReversed(), false)).toBeNull());
});

describe("a trial's numbers", () => {
  const fault = (events: readonly EventLine[], sealed = false) => faultOf("sequence", header, { events, ...(sealed ? { seal } : {}) });
  const T = "small/fix-a/1";

  it("count events and steps from 0, and events of one step share its number", () => {
    expect(fault([line(T, 0), line(T, 1, { step: 1, more: true }), line(T, 2, { step: 1 }), line(T, 3, { step: 2 })], true)).toBeNull();
    expect(fault([line(null, 0), line(T, 0), line(null, 1), line(T, 1)])).toBeNull();
  });

  it("have no gap and no double", () => {
    expect(fault([line(T, 1)])).toBe(`${T} has no event 0`);
    expect(fault([line(null, 0), line(null, 2)])).toBe("the run has no event 1");
    expect(fault([line(T, 0), line(T, 0)])).toBe(`event ${T} 0 is present twice`);
  });

  it("have steps that follow each other", () => {
    expect(fault([line(T, 0, { step: 1 })])).toBe(`event ${T} 0 is of step 1, not 0`);
    expect(fault([line(T, 0, { more: true }), line(T, 1, { step: 1 })])).toBe(`event ${T} 1 is of step 1, not 0`);
    expect(fault([line(T, 0), line(T, 1, { step: 0 })])).toBe(`event ${T} 1 is of step 0, not 1`);
    expect(fault([line(T, 0), line(T, 1, { step: 2 })])).toBe(`event ${T} 1 is of step 2, not 1`);
  });

  it("go on behind a fault, so that one is told and not one for each event after it", () => {
    expect(fault([line(T, 5, { step: 3 }), line(T, 6, { step: 4 })])).toBe(`${T} has no event 0`);
  });

  it("of late answers are their own, whatever step they name", () => {
    const late = (count: number) => line(T, LATE_SEQ + count, { step: 7 });
    expect(fault([line(T, 0), late(0), late(1), line(T, 1)], true)).toBeNull();
    expect(fault([late(1)])).toBe(`event ${T} 1000001 is not late answer 0`);
    expect(fault([late(0), late(0)])).toBe(`event ${T} 1000000 is not late answer 1`);
    expect(fault([late(0), late(2)])).toBe(`event ${T} 1000002 is not late answer 1`);
  });

  it("may end within a step only while the run goes on", () => {
    const cut = (trial: string | null) => [line(trial, 0, { more: true })];
    expect(fault(cut(T))).toBeNull();
    expect(fault(cut(T), true)).toBe(`the last step of ${T} is cut off`);
    expect(fault(cut(null), true)).toBe("the last step of the run is cut off");
    expect(fault([line(T, 0, { more: true }), line(T, 1, { step: 0 })], true)).toBeNull();
    expect(fault([line("other/fix-a/1", 0), ...cut(T)], true)).toBe(`the last step of ${T} is cut off`);
    expect(fault([...cut(T), line(T, 5)], true)).toBe(`${T} has no event 1`);
  });
});

describe("an envelope", () => {
  const place = (trial: string | null, task: string | null, seq = 0) => ({
    trial,
    spec_id: task,
    branch_id: "run/run-1",
    uri: eventUri("run-1", { trial, task, seq }),
    seq,
  });
  const own = plainLine("small/fix-a/1", 0, place("small/fix-a/1", "fix-a"));
  const fault = (change: Partial<EventLine>) => faultOf("envelopes", header, { events: [{ ...own, ...change }] });
  const staged = {
    payload: { type: "GateDecision", gate_name: "validate", stage: "Validate", outcome: "Pass", reason: "r", blocking: true },
    event_type: "GateDecision",
  } as const;

  it("names its run, its trial, its task, its type, its stage and its address", () => {
    expect(fault({})).toBeNull();
    expect(fault(place(null, null))).toBeNull();
    expect(fault(place("calibration/fix-c/broken-1", "fix-c"))).toBeNull();
    expect(fault({ ...staged, stage: "Validate" })).toBeNull();
  });

  it.each<[string, Partial<EventLine>]>([
    ["is of run run-2", { run_id: "run-2" }],
    [`is of run ${"r".repeat(80)}`, { run_id: "r".repeat(90) }],
    ["is of another branch than its run's", { branch_id: "run/run-2" }],
    ["is of a trial that was not planned", place("small/fix-a/2", "fix-a")],
    ["is of a trial that was not planned", place("calibration/fix-z/broken-1", "fix-z")],
    ["names another task than its trial", { spec_id: "fix-c" }],
    ["names another task than its trial", { spec_id: null }],
    ["names another task than its trial", place(null, "fix-a")],
    ["claims to be a Surprise and holds a StageTransition", { event_type: "Surprise" }],
    [`claims to be a ${"S".repeat(80)} and holds a StageTransition`, { event_type: "S".repeat(90) }],
    ["is recorded under another stage than it names", { stage: "Plan" }],
    ["is recorded under another stage than it names", { ...staged, stage: null }],
  ])("%s", (said, change) => expect(fault(change)).toBe(`event ${change.uri ?? own.uri} ${said}`));

  it("has the address that its place gives", () => {
    expect(fault({ uri: "mv2://x" })).toBe(`event mv2://x should have the address ${own.uri}`);
  });

  it("of the first wrong event is told", () => {
    const wrong = { ...own, run_id: "run-2" };
    expect(faultOf("envelopes", header, { events: [wrong, { ...own, run_id: "run-3" }] })).toContain("run-2");
  });
});
