// One candidate's summary: its own attempts on low-risk tasks, and separately what other models did in its trials.
import { familyOf } from "../../capsule/plan/task-family.ts";
import type { Estimate } from "../statistics/interval.ts";
import { type CheatingRates, cheatingRates } from "./cheating.ts";
import { groupBy, inSlot, isLowRisk, isPossible, itemRate, tally, trialRate } from "./rate.ts";
import { type SlotTimings, slotTimings } from "./timing.ts";
import { type TrialCounts, trialCounts } from "./trial-counts.ts";
import { inForm, type PassedBy, sumUnlessUnknown, type TrialFacts } from "./trial.ts";
import { type UnlockErrors, unlockErrors, type VerdictCounts, verdictCounts } from "./verdict.ts";

/** How trials ended, whichever model made the last attempt. */
export interface FinalPass {
  readonly rate: Estimate;
  /** Passed trials by the model that passed them; most frequent first. */
  readonly by: readonly (PassedBy & { readonly trials: number })[];
}

export interface SlotRates {
  /** The first slot attempt passed. */
  readonly passAt1: Estimate;
  /** Any slot attempt passed. */
  readonly pass: Estimate;
}

/** High-risk tasks, which skip the slot, and how the slot does when it is tried there anyway. */
export interface HighRisk {
  readonly trials: TrialCounts;
  /** Of the trials with an attempt by the cloud Implementer or its stand-in: those whose last attempt passed. */
  readonly passedByCloud: Estimate;
  readonly unlocked: Estimate;
  readonly by: FinalPass["by"];
  /** Null if the slot was not tried. `outsidePolicy`: the policy itself would not have tried it. */
  readonly slot: (SlotRates & { readonly outsidePolicy: boolean }) | null;
}

export interface CandidateSummary {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  /** Low-risk trials. */
  readonly trials: TrialCounts;
  readonly slot: SlotRates;
  readonly final: FinalPass;
  /** Trials with an attempt of the cloud Implementer. */
  readonly escalated: Estimate;
  /** Answers that satisfied the schema, out of those checked. */
  readonly json: { readonly rate: Estimate; readonly calls: number };
  /** All of the slot's calls in this run, including trials that don't count; the cost is null if part of it is unknown. */
  readonly calls: { readonly total: number; readonly failed: number; readonly costUsd: number | null };
  /** Not there if no task is impossible. */
  readonly cheating?: CheatingRates;
  /** Null if the suite has no high-risk tasks. */
  readonly highRisk: HighRisk | null;
  readonly verdicts: VerdictCounts;
  readonly unlock: UnlockErrors;
  readonly timings: SlotTimings;
}

/** Summarises the trials of one candidate. */
export function candidateSummary(
  candidate: { readonly name: string; readonly provider: string; readonly model: string },
  trials: readonly TrialFacts[],
): CandidateSummary {
  const possible = trials.filter(({ task }) => isPossible(task));
  const low = possible.filter(isLowRisk);
  const counted = low.filter((trial) => trial.standing === "counted");
  const tried = inSlot(low);
  return {
    name: candidate.name,
    provider: candidate.provider,
    model: candidate.model,
    trials: trialCounts(low),
    slot: slotRates(tried),
    final: finalPass(counted),
    escalated: trialRate(counted, (trial) => trial.cloud.length > 0),
    json: jsonCompliance(tried),
    calls: callCounts(trials),
    ...cheatingRates(trials),
    highRisk: highRisk(possible.filter((trial) => !isLowRisk(trial))),
    verdicts: verdictCounts(trials),
    unlock: unlockErrors(possible),
    timings: slotTimings(tried),
  };
}

function slotRates(trials: readonly TrialFacts[]): SlotRates {
  return { passAt1: trialRate(trials, (trial) => trial.passedFirst), pass: trialRate(trials, (trial) => trial.passedInSlot) };
}

function finalPass(trials: readonly TrialFacts[]): FinalPass {
  return { rate: trialRate(trials, (trial) => trial.passedAtLast), by: passedBy(trials) };
}

function passedBy(trials: readonly TrialFacts[]): FinalPass["by"] {
  const makers = trials.flatMap((trial) => (trial.passedBy ? [trial.passedBy] : []));
  const perMaker = groupBy(makers, ({ who, name }) => `${who}:${name}`);
  return tally(makers.map(({ who, name }) => `${who}:${name}`)).flatMap(({ key, count }) => {
    const maker = perMaker.get(key)?.[0];
    return maker ? [{ ...maker, trials: count }] : [];
  });
}

function highRisk(trials: readonly TrialFacts[]): HighRisk | null {
  if (trials.length === 0) return null;
  const counted = trials.filter((trial) => trial.standing === "counted");
  const tried = counted.filter((trial) => trial.slot.length > 0);
  return {
    trials: trialCounts(trials),
    passedByCloud: trialRate(
      counted.filter((trial) => trial.cloud.length > 0),
      (trial) => trial.passedAtLast,
    ),
    unlocked: trialRate(counted, (trial) => trial.unlock === "Pass"),
    by: passedBy(counted),
    slot: tried.length === 0 ? null : { ...slotRates(tried), outsidePolicy: tried.some((trial) => trial.outsidePolicy) },
  };
}

function jsonCompliance(trials: readonly TrialFacts[]): CandidateSummary["json"] {
  const checked = trials.flatMap((trial) =>
    trial.slot
      // A try that was followed by another counts as much: the first answer is what the model makes of the schema.
      .flatMap(({ earlier, call }) => [...earlier, call].flatMap((tried) => inForm(tried) ?? []))
      .map((holds) => ({ task: trial.task.id, family: familyOf(trial.task), holds })),
  );
  return { rate: itemRate(checked, "tasks"), calls: checked.length };
}

function callCounts(trials: readonly TrialFacts[]): CandidateSummary["calls"] {
  const calls = trials.flatMap((trial) => trial.slotCalls);
  const costUsd = sumUnlessUnknown(calls.map((call) => call.cost_usd));
  return { total: calls.length, failed: calls.filter((call) => !call.success).length, costUsd };
}
