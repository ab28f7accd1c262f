// A trial beside that of the run before: the first event that says something else, and nothing that only a clock says.
import { expect, it } from "vitest";
import { LATE_SEQ, type EventLine } from "../../../../../src/core/capsule/line.ts";
import { firstDifference } from "../../../../../src/core/report/trial/before.ts";
import { type AttemptScript, runOf, slot, trial } from "../../metrics/summary-fixture.ts";

const eventsOf = (...attempts: readonly AttemptScript[]) =>
  runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(...attempts) } }).trials[0]?.events ?? [];

const withChange = (events: readonly EventLine[], type: string, change: object): readonly EventLine[] =>
  events.map((line) => (line.payload.type === type ? ({ ...line, payload: { ...line.payload, ...change } } as EventLine) : line));

const passed = eventsOf(slot("passed"));

it("is none where only times, costs and drawn names differ", () => {
  const again = withChange(withChange(passed, "ModelCallEnvelope", { latency_ms: 9999, cost_usd: 7, call_id: "other" }), "ToolResult", {
    duration_ms: 1,
    reused: true,
  });
  expect(again).not.toEqual(passed);
  expect(firstDifference(again, passed)).toBeNull();
});

it("is the first event that says something else, with what it says in both", () => {
  const other = withChange(withChange(passed, "ModelCallEnvelope", { response_hash: "f".repeat(64) }), "GateDecision", { outcome: "Fail" });
  const call = passed.find(({ payload }) => payload.type === "ModelCallEnvelope");
  expect(firstDifference(other, passed)).toMatchObject({ seq: call?.seq, fields: ["response"], here: expect.stringMatching(/^ModelCallEnvelope: /) });
});

it("is where one ends before the other", () => {
  const cut = passed.slice(0, -1);
  expect(firstDifference(cut, passed)).toMatchObject({ seq: cut.at(-1)?.seq, fields: ["event"], here: "nothing more" });
  expect(firstDifference(passed, cut)).toMatchObject({ seq: passed.at(-1)?.seq, before: "nothing more" });
});

it("goes by no answer that came late", () => {
  const [first] = passed;
  expect(firstDifference([...passed, { ...first, seq: LATE_SEQ } as EventLine], passed)).toBeNull();
});
