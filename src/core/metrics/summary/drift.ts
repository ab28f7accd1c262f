// Did a candidate get slower or worse while its run went on? What changed on the machine meanwhile is part of every comparison.
import { familyOf } from "../../capsule/plan/task-family.ts";
import type { Estimate } from "../statistics/interval.ts";
import { type TimedValue, withinSlope } from "../statistics/within-slope.ts";
import { attemptTime, workingMs } from "./attempt-time.ts";
import { isTimed, type TrialFacts } from "./trial.ts";

/**
 * From a candidate's first trial to its last, task by task: only tasks that were repeated tell, since else hard tasks could not be told from late
 * ones. Null: fewer than five families tell.
 */
export interface Drift {
  /** Of the time from decision to verdict of first attempts, as a share: 0.1 is a tenth longer. */
  readonly time: Estimate | null;
  /** Of the share of trials that passed in the slot. */
  readonly pass: Estimate | null;
}

/** `trials`: of one candidate, in the slot. */
export function driftOf(trials: readonly TrialFacts[], confidence = 0.95): Drift {
  const timed = trials.flatMap((trial) => {
    const [first] = trial.slot;
    const time = first === undefined || !isTimed(first.call) ? null : attemptTime(first);
    const ms = time === null ? 0 : workingMs(time);
    return ms > 0 ? valueOf(trial, Math.log(ms)) : [];
  });
  const log = withinSlope(timed, confidence);
  return {
    time: log && { ...log, value: shareOf(log.value), low: shareOf(log.low), high: shareOf(log.high) },
    pass: withinSlope(
      trials.flatMap((trial) => valueOf(trial, trial.passedInSlot ? 1 : 0)),
      confidence,
    ),
  };
}

const shareOf = (log: number | null): number | null => (log === null ? null : Math.expm1(log));

const valueOf = ({ task, startedMs }: TrialFacts, value: number): readonly TimedValue[] =>
  startedMs === null ? [] : [{ at: startedMs, value, task: task.id, family: familyOf(task) }];
