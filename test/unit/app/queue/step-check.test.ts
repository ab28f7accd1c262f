// What a worker sent as its step: a verdict is read as any from elsewhere is, and nothing in it ends the run.
import { expect, it } from "vitest";
import { stepFault, verdictIn } from "../../../../src/app/queue/step-check.ts";
import { canonicalJson, sha256 } from "../../../../src/core/base/canonical.ts";
import type { EventOf, TrialEvent } from "../../../../src/core/trial/event.ts";
import { FIRST_ATTEMPT } from "../../core/capsule/sealed.ts";
import { attemptEvents } from "../../core/router/history.ts";

const result = attemptEvents(FIRST_ATTEMPT, "failed").find((event): event is EventOf<"ToolResult"> => event.type === "ToolResult");
if (!result) throw new Error("an attempt has a result");

/** The step of an attempt whose verdict is this text. Other texts are known already. */
function sent(text: string) {
  const named: TrialEvent = { ...result, output_hash: sha256(text) } as TrialEvent;
  return { events: [named], bodies: [{ kind: "output" as const, text }] };
}

it.each([
  "null",
  "{}",
  "[]",
  '{"status":"failed"}',
  '{"status":"compile-error","codes":7}',
  '{"status":"unheard-of"}',
  '{"status":"tampered","seen":[null]}',
  "not JSON",
])("no verdict is %s: it is the worker's fault, and not ours", (text) => {
  const asked = { trial: "t", command: null, text: () => "known", given: null };
  const plant = { ...sent(text), events: [{ type: "CalibrationPlant", plant: "right" } as unknown as TrialEvent, ...sent(text).events] };
  expect(stepFault(asked, plant)).toBe("its verdict is not what its summary says");
  expect(verdictIn(plant, () => null)).toBeNull();
});

it("a verdict that is one is what other trials may reuse", () => {
  const verdict = { status: "infrastructure", detail: "no disk" } as const;
  const call = { type: "ToolCall", tree_hash: "0".repeat(64) } as unknown as TrialEvent;
  expect(verdictIn({ events: [call, result], bodies: [] }, () => canonicalJson(verdict))?.verification.verdict).toEqual(verdict);
});
