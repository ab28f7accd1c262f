// What an audit can and can't see: every member of every kind of event is changed, with all hashes made to fit.
import { expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { LATE_SEQ } from "../../../../src/core/capsule/line.ts";
import { policyWith, taskNamed } from "../../run/fakes.ts";
import { recorded, type Recorded, replayOf } from "./recorded.ts";

/** Members that nothing else in the record vouches for: only a signature does. */
const BEYOND_PROOF = [
  "CounterSignal.source_role",
  "ModelCallEnvelope.backoff_ms",
  "ModelCallEnvelope.cached_tokens",
  "ModelCallEnvelope.call_id",
  "ModelCallEnvelope.constraint",
  "ModelCallEnvelope.effort",
  "ModelCallEnvelope.failure",
  "ModelCallEnvelope.first_output_ms",
  "ModelCallEnvelope.latency_ms",
  "ModelCallEnvelope.parse_ms",
  "ModelCallEnvelope.prompt_tokens",
  "ModelCallEnvelope.queue_ms",
  "ModelCallEnvelope.reasoning_tokens",
  "ModelCallEnvelope.resolved_model",
  "ModelCallEnvelope.response_tokens",
  "ModelCallEnvelope.route_ms",
  "ModelCallEnvelope.served_model",
  "ModelCallEnvelope.try",
  "ModelCallEnvelope.ttft_ms",
  "PatchApply.error",
  "RetrievalRequest.skip_reason",
  "RetrievalRequest.source",
  "RetrievalResponse.latency_ms",
  "ToolResult.apply_ms",
  "ToolResult.check_ms",
  "ToolResult.duration_ms",
  "ToolResult.infrastructure_retries",
  "ToolResult.overhead_ms",
  "ToolResult.queue_ms",
  "ToolResult.test_ms",
];

const run = await recorded(
  { tasks: [taskNamed("a")], candidates: ["small", "other"], snapshot: policyWith((policy) => void (policy.tier2.enabled = true)) },
  { notebook: { port: { ask: async () => ({ outcome: "answered", text: "Mind the sum.", totalMs: 3 }) } } },
);

function changed(value: unknown): unknown {
  if (typeof value === "string") return /^[0-9a-f]{64}$/.test(value) ? sha256(value) : `${value}x`;
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : value === null ? "there" : {};
}

/** The same run with one member of one event changed. */
function withMember(index: number, key: string): Recorded {
  const events = run.events.map((line, at) => {
    if (at !== index) return line;
    const payload = structuredClone(line.payload) as unknown as Record<string, unknown>;
    payload[key] = changed(payload[key]);
    return { ...line, payload: payload as unknown as typeof line.payload };
  });
  return { ...run, events };
}

/** A history that does not even fit together is refused as damaged. */
function isFound(changedRun: Recorded): boolean {
  try {
    return replayOf(changedRun).findings.length > 0;
  } catch (error) {
    if (error instanceof BakeoffError && error.code === "integrity") return true;
    throw error;
  }
}

it("sees a change of every member that something else in the record vouches for", () => {
  const trial = run.events.find((line) => line.trial !== null)?.trial;
  const unseen = new Set<string>();
  const seen = new Set<string>();
  for (const [index, { payload, trial: own, seq }] of run.events.entries()) {
    if (own !== trial && seq < LATE_SEQ) continue;
    for (const key of Object.keys(payload)) {
      if (key === "type" || seen.has(`${payload.type}.${key}`)) continue;
      (isFound(withMember(index, key)) ? seen : unseen).add(`${payload.type}.${key}`);
    }
  }
  expect([...unseen].filter((name) => !seen.has(name)).toSorted()).toEqual(BEYOND_PROOF);
  expect(seen.size).toBeGreaterThan(50);
}, 30_000);
