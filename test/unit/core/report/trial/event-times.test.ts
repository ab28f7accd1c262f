// When a trial's events happened: what took time lies before its step's record, one part after the other.
import { beforeAll, expect, it } from "vitest";
import { epochMs } from "../../../../../src/core/base/instant.ts";
import { type EventLine, LATE_SEQ } from "../../../../../src/core/capsule/line.ts";
import { eventTimes } from "../../../../../src/core/report/trial/event-times.ts";
import { honestRun } from "../../../app/replay/honest-run.ts";

let events: readonly EventLine[];
beforeAll(async () => {
  const run = await honestRun({});
  const first = run.events.find((line) => line.trial !== null)?.trial;
  events = run.events.filter(({ trial, seq }) => trial === first && seq < LATE_SEQ);
});

const at = (line: EventLine, ms: number): EventLine => ({ ...line, timestamp: `2026-11-29T00:00:0${ms / 1000}.000Z` });

it("ends a step when it was recorded, and lays what took time before it", () => {
  const verified = events.find(({ payload }) => payload.type === "ToolResult");
  const timed = eventTimes(events.filter(({ step }) => step === verified?.step));
  const [call] = timed.filter(({ line }) => line.payload.type === "ModelCallEnvelope");
  const result = timed.at(-1);
  if (call?.line.payload.type !== "ModelCallEnvelope" || result?.line.payload.type !== "ToolResult") throw new Error("the step has no call and result");
  expect(result.endMs).toBe(epochMs(result.line.timestamp));
  expect(call.endMs - call.startMs).toBeCloseTo(call.line.payload.latency_ms, 3);
  expect(call.endMs).toBeCloseTo(result.startMs - result.line.payload.queue_ms - call.line.payload.parse_ms, 3);
});

it("begins no step before the one before it was recorded", () => {
  const [first, ...rest] = events;
  const slow = rest.find(({ payload }) => payload.type === "ModelCallEnvelope");
  if (!first || slow?.payload.type !== "ModelCallEnvelope") throw new Error("the run has no call");
  const [, timed] = eventTimes([at(first, 1000), { ...at(slow, 3000), payload: { ...slow.payload, latency_ms: 60_000 } }]);
  expect(timed?.startMs).toBe(epochMs("2026-11-29T00:00:01.000Z"));
});

it("keeps the order of events", () => {
  const timed = eventTimes(events);
  expect(timed.map(({ line }) => line)).toEqual(events);
  for (const [index, { startMs, endMs }] of timed.entries()) {
    expect(endMs).toBeGreaterThanOrEqual(startMs);
    expect(startMs).toBeGreaterThanOrEqual(timed[index - 1]?.startMs ?? startMs);
  }
});
