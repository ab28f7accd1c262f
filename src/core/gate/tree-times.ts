// How long a tree's verification took, for attempts whose verdict was known already because another attempt had ended in the same tree.
import type { TrialRecord } from "../capsule/record.ts";
import type { EventOf } from "../trial/event.ts";
import { type AttemptFacts, type GateTrial, treeKey } from "./facts.ts";

export interface TreeTimes {
  readonly add: (trial: TrialRecord) => void;
  /** The same trial, its attempts timed as far as any attempt of the run verified their trees. */
  readonly fill: (trial: GateTrial) => GateTrial;
}

/** The same tree is verified once an epoch: whose attempt came first is chance, and no reason to leave the others untimed. */
export function openTreeTimes(): TreeTimes {
  const took = new Map<string, number>();
  const timed = (attempt: AttemptFacts): AttemptFacts => {
    const { knownTree } = attempt;
    const verifyMs = knownTree === null ? undefined : took.get(knownTree.key);
    return knownTree === null || verifyMs === undefined ? attempt : { ...attempt, attemptMs: knownTree.callMs + verifyMs };
  };
  return {
    add: (trial) => {
      for (const { payload } of trial.events) {
        if (payload.type === "ToolResult" && !payload.reused && payload.verdict.status !== "patch-rejected") note(took, trial, payload);
      }
    },
    fill: (trial) => ({ ...trial, attempts: trial.attempts.map(timed) }),
  };
}

function note(took: Map<string, number>, trial: TrialRecord, result: EventOf<"ToolResult">): void {
  const key = treeKey(trial, result);
  if (key !== null) took.set(key, result.duration_ms);
}
