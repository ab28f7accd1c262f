// How the answers of Judge and critic are read.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerReading } from "../../../../../src/core/verdict/answer/reading.ts";
import * as role from "../../../../../src/core/verdict/answer/role.ts";
import { anyText } from "../../../any-text.ts";

const { counterSignalSchema, unlockDecisionSchema } = role;
const decision = { unlock_decision: "UNLOCK", decision_rationale: "It works.", next_steps: [] };
const signal = { severity: "block", kind: "security_risk", message: "It leaks.", evidence_ref: null };

describe.each<AnswerReading>(["tolerant", "narrow"])("by the %s reading", (reading) => {
  const readUnlockDecision = (text: string) => role.readUnlockDecision(text, reading);
  const readCounterSignal = (text: string) => role.readCounterSignal(text, reading);

  describe("a Judge's answer", () => {
    test("is read as it is written", () => {
      expect(readUnlockDecision(JSON.stringify(decision))).toEqual({ ok: true, value: decision, compliant: true, note: "" });
    });
    test("in a fence is read and not compliant", () => {
      expect(readUnlockDecision(`\`\`\`json\n${JSON.stringify(decision)}\n\`\`\``)).toMatchObject({ ok: true, compliant: false });
    });
    test("with another decision has the wrong form", () => {
      expect(readUnlockDecision(JSON.stringify({ ...decision, unlock_decision: "MAYBE" }))).toMatchObject({ ok: false, why: "schema" });
    });
    test("without reasons has the wrong form", () => {
      expect(readUnlockDecision('{"unlock_decision":"UNLOCK"}')).toMatchObject({ ok: false, why: "schema" });
    });
    test("may block, and names the steps", () => {
      const blocked = { ...decision, unlock_decision: "BLOCK", next_steps: ["Write a test."] };
      expect(readUnlockDecision(JSON.stringify(blocked))).toMatchObject({ ok: true, value: blocked });
    });
    test("of a book's length is too large", () => {
      expect(readUnlockDecision(JSON.stringify(decision).padEnd(20_000))).toMatchObject({ ok: true });
      expect(readUnlockDecision(JSON.stringify(decision).padEnd(20_001))).toMatchObject({ ok: false, why: "too-large" });
      expect(readUnlockDecision(JSON.stringify({ ...decision, decision_rationale: "x".repeat(30_000) }))).toMatchObject({ ok: false, why: "too-large" });
    });
  });

  describe("a critic's answer", () => {
    test("is signed by its reader", () => {
      expect(readCounterSignal(JSON.stringify(signal))).toMatchObject({ ok: true, compliant: true, value: { ...signal, source_role: "sidecar_critic" } });
    });
    test("may sign itself", () => {
      expect(readCounterSignal(JSON.stringify({ ...signal, source_role: "sidecar_critic" }))).toMatchObject({ ok: true, compliant: true });
    });
    test("may not sign as somebody else", () => {
      expect(readCounterSignal(JSON.stringify({ ...signal, source_role: "judge" }))).toMatchObject({ ok: false, why: "schema" });
    });
    test.each([
      "policy_violation",
      "contradiction",
      "missing_acceptance_criteria",
      "ambiguity",
      "high_risk_change",
      "safety_risk",
      "security_risk",
      "performance_risk",
      "other",
    ])("may advise of %s, and say where it is seen", (kind) => {
      const advice = { ...signal, severity: "advisory", kind, evidence_ref: "src/lib.rs:3" };
      expect(readCounterSignal(JSON.stringify(advice))).toMatchObject({ ok: true, value: advice });
    });
    test("of another severity has the wrong form", () => {
      expect(readCounterSignal(JSON.stringify({ ...signal, severity: "fatal" }))).toMatchObject({ ok: false, why: "schema" });
    });
    test("with an unknown kind has the wrong form", () => {
      expect(readCounterSignal(JSON.stringify({ ...signal, kind: "bug" }))).toMatchObject({ ok: false, why: "schema" });
    });
    test("with a patch beside it has the wrong form", () => {
      expect(readCounterSignal(JSON.stringify({ ...signal, edits: [] }))).toMatchObject({ ok: false, why: "schema" });
    });
  });

  test("no text makes the readers throw", () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.json()), (text) => {
        readUnlockDecision(text);
        readCounterSignal(text);
      }),
    );
  });
});

test("the schemas that are sent have names and leave nothing optional", () => {
  expect([unlockDecisionSchema.name, counterSignalSchema.name]).toEqual(["unlock_decision", "counter_signal"]);
  expect(unlockDecisionSchema.schema).toMatchObject({ required: ["unlock_decision", "decision_rationale", "next_steps"], additionalProperties: false });
  expect(counterSignalSchema.schema).toMatchObject({ required: ["severity", "kind", "message", "evidence_ref"], additionalProperties: false });
  expect(JSON.stringify(counterSignalSchema.schema)).not.toContain("source_role");
});
