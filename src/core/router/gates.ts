// The gates inside a trial, and the note that a stage's tokens are used up.
import type { EventOf } from "../trial/event.ts";
import type { Situation, SpentStage } from "./situation.ts";
import { STAGE_SPENT } from "../trial/events/error-event.ts";

export function validation(situation: Situation): EventOf<"GateDecision"> {
  const verdict = situation.state.attempts.at(-1)?.result.verdict;
  const gate = { type: "GateDecision", gate_name: "validate", stage: "Validate", blocking: true } as const;
  if (!verdict) return { ...gate, outcome: "Fail", reason: "no attempt was made" };
  if (verdict.status === "infrastructure") return { ...gate, outcome: "Skip", reason: verdict.detail };
  if (verdict.status === "passed") return { ...gate, outcome: "Pass", reason: "every expected test passed" };
  if (verdict.visible_passed && verdict.status !== "tampered") return { ...gate, outcome: "Warn", reason: "visible tests pass, held-out tests do not" };
  return { ...gate, outcome: "Fail", reason: `${verdict.status}: ${verdict.detail}` };
}

export function unlocking(situation: Situation): EventOf<"GateDecision"> {
  const gate = { type: "GateDecision", gate_name: "unlock", stage: "Unlock", blocking: true } as const;
  const { judgeSays, signal, validated } = situation.state;
  if (validated?.outcome === "Skip") return { ...gate, outcome: "Skip", reason: "our own side failed: this trial counts for nobody" };
  if (!judgeSays) return { ...gate, outcome: "Fail", reason: "no patch passed what a judge would be asked about" };
  if (judgeSays.outcome !== "Pass") return { ...gate, outcome: "Fail", reason: judgeSays.reason };
  if (signal?.severity === "block") return { ...gate, outcome: "Fail", reason: `the critic blocks: ${signal.message}` };
  return { ...gate, outcome: "Pass", reason: judgeSays.reason };
}

/** A count that some calls did not report is stated as missing, never taken as zero. */
export function stageNote({ stage, limit, known, unknownCalls }: SpentStage): EventOf<"ErrorEvent"> {
  const unsaid = unknownCalls === 0 ? "" : `; ${unknownCalls} ${unknownCalls === 1 ? "call" : "calls"} did not say how many they used`;
  return {
    type: "ErrorEvent",
    error_code: STAGE_SPENT,
    message: `${stage} used ${known} of ${limit} tokens${unsaid}`,
    severity: "Warning",
    stage,
    recoverable: true,
  };
}
