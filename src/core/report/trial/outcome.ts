// How a trial ended, in one sentence.
import type { TrialFacts } from "../../metrics/summary/trial.ts";

export function outcomeSentence(facts: TrialFacts): string {
  const parts = [slotPart(facts), laterPart(facts), unlockPart(facts)].filter((part) => part !== null);
  return parts.join("; ");
}

function slotPart({ slot, slotUnavailable, serverFailed, outsidePolicy, passedInSlot }: TrialFacts): string {
  if (slot.length === 0)
    return slotUnavailable ? "never asked: the slot's server was out of service, in no rate" : "the policy keeps the slot out of this task";
  if (serverFailed) return "lost in the slot: every call failed at its server";
  const statuses = slot.map(({ result }) => result.verdict.status).join(", then ");
  return `${passedInSlot ? "passed" : "lost"} in the slot${outsidePolicy ? ", outside the policy" : ""} (${statuses})`;
}

function laterPart({ cloud, passedBy }: TrialFacts): string | null {
  if (cloud.length === 0) return null;
  const statuses = cloud.map(({ result }) => result.verdict.status).join(", then ");
  const who = passedBy === null || passedBy.who === "slot" ? "" : ` by ${passedBy.who === "stand-in" ? "the stand-in " : ""}${passedBy.name}`;
  return `after escalation ${statuses}${who}`;
}

function unlockPart({ standing, unlock, passedAtLast }: TrialFacts): string {
  if (standing === "unfinished") return "not finished";
  if (standing === "infrastructure") return "the harness failed: in no rate";
  if (unlock === "Pass") return passedAtLast ? "unlocked" : "unlocked although nothing passed";
  return passedAtLast ? "kept locked although it passed" : "kept locked";
}
