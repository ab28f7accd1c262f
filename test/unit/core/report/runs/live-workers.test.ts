// The workers of a run under way, as its record has them.
import { expect, it } from "vitest";
import type { EventLine } from "../../../../../src/core/capsule/line.ts";
import { livePage } from "../../../../../src/core/report/runs/live.ts";
import { liveWorkers } from "../../../../../src/core/report/runs/live-workers.ts";
import { headerOf } from "../../../run/fakes.ts";

let second = 0;
const line = (payload: Readonly<Record<string, unknown>>): EventLine =>
  ({ trial: null, timestamp: `2026-11-30T10:00:${String((second += 1)).padStart(2, "0")}.000Z`, payload }) as unknown as EventLine;
const joined = (worker: string, facts: Readonly<Record<string, string | number>>) =>
  line({ type: "ServerIdentity", provider: `worker/${worker}`, worker, facts });

it("are told with what each does and did; what is built in is no call, and what was reused no verdict", () => {
  second = 0;
  const events = [
    joined("gpu", { steps: "model", cores: 2 }),
    joined("cpu", { steps: "verify", cores: 8 }),
    joined("both", { cores: 4 }),
    line({ type: "ModelCallEnvelope", worker: "gpu", provider: "sglang" }),
    line({ type: "ModelCallEnvelope", worker: "cpu", provider: "embedded" }),
    line({ type: "ToolResult", worker: "cpu", reused: false }),
    line({ type: "ToolResult", worker: "cpu", reused: true }),
    joined("coordinator", { rechecked: 1, agreed: 1, undecided: 0 }),
  ];
  expect(liveWorkers(events)).toEqual([
    { name: "gpu", does: "model calls", calls: 1, verdicts: 0, lastAt: "2026-11-30T10:00:04.000Z" },
    { name: "cpu", does: "cargo", calls: 0, verdicts: 1, lastAt: "2026-11-30T10:00:06.000Z" },
    { name: "both", does: "model calls, cargo", calls: 0, verdicts: 0, lastAt: null },
  ]);
});

it("are none in a run of one process", () => {
  const events = [line({ type: "ModelCallEnvelope", provider: "sglang" }), line({ type: "ServerIdentity", provider: "sglang", facts: {} })];
  expect(liveWorkers(events)).toEqual([]);
  expect(livePage({ header: headerOf({}), events: [], isSealed: false, snapshot: null }).workers).toEqual([]);
});
