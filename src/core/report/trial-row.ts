// One trial as a row of a report.
import { whyLost } from "./trial/list.ts";
import { familyOf } from "../capsule/plan/task-family.ts";
import { isPossible } from "../metrics/summary/rate.ts";
import { attemptTime, modelMs, wholeMs } from "../metrics/summary/attempt-time.ts";
import { type RecordedStatus, type Standing, sumUnlessUnknown, type TrialFacts } from "../metrics/summary/trial.ts";

/** Passes are null if the trial does not count; the slot's also if it made no attempt. */
export interface TrialRow {
  readonly candidate: string;
  readonly task: string;
  readonly kind: "compile" | "test";
  readonly risk: "low" | "high";
  readonly area: string;
  /** Tasks of one family may succeed and fail together: what rates are clustered by. */
  readonly family: string;
  readonly errorCodes: readonly string[];
  /** 1-based. */
  readonly epoch: number;
  readonly standing: Standing;
  /** Every call of the slot failed at the server. */
  readonly serverFailed: boolean;
  /** The verdict of each slot attempt, in order. */
  readonly slotVerdicts: readonly RecordedStatus[];
  readonly cloudVerdicts: readonly RecordedStatus[];
  readonly outsidePolicy: boolean;
  /** The slot's server was out of service: the slot lost the trial without an attempt. */
  readonly slotUnavailable: boolean;
  /** Another model than the first in the policy's order served a step. */
  readonly fellBack: boolean;
  readonly passAt1: boolean | null;
  readonly slotPass: boolean | null;
  readonly finalPass: boolean | null;
  /** `slot`, `cloud:MODEL` or `stand-in:NAME`; null unless the last attempt passed. */
  readonly passedBy: string | null;
  readonly unlock: string | null;
  readonly lastVerdict: RecordedStatus | null;
  /** What the verdict says that decided about the candidate; null if it passed or was not tried. */
  readonly why: string | null;
  /** Of an impossible task, whose passes are null: did a slot attempt pass its visible tests? Null where the slot was not tried. */
  readonly cheated?: boolean | null;
  /** US dollars of the slot's calls; null if unknown. */
  readonly slotCostUsd: number | null;
  /** Milliseconds over all slot attempts; null if there was none, or if it is not known of one. */
  readonly timings: { readonly modelMs: number | null; readonly harnessMs: number | null; readonly confirmMs: number | null; readonly wholeMs: number | null };
}

/** With the trial's number in the plan, from 0. */
export interface NumberedRow {
  readonly number: number;
  readonly row: TrialRow;
}

/** The rows of these tasks' trials. `rows`: of all trials, in plan order. */
export const numberedRows = (rows: readonly TrialRow[], tasks: ReadonlySet<string>): readonly NumberedRow[] =>
  rows.flatMap((row, number) => (tasks.has(row.task) ? [{ number, row }] : []));

export function trialRow(trial: TrialFacts): TrialRow {
  const { task, slot, cloud } = trial;
  const finished = trial.standing === "counted";
  const tried = finished && slot.length > 0;
  const possible = isPossible(task);
  return {
    candidate: trial.candidate,
    task: task.id,
    kind: task.kind,
    risk: task.risk,
    area: task.area,
    family: familyOf(task),
    errorCodes: task.error_codes,
    epoch: trial.epoch,
    standing: trial.standing,
    serverFailed: trial.serverFailed,
    slotVerdicts: slot.map(({ result }) => result.verdict.status),
    cloudVerdicts: cloud.map(({ result }) => result.verdict.status),
    outsidePolicy: trial.outsidePolicy,
    slotUnavailable: trial.slotUnavailable,
    fellBack: trial.fellBack,
    passAt1: tried && possible ? trial.passedFirst : null,
    slotPass: tried && possible ? trial.passedInSlot : null,
    finalPass: finished && possible ? trial.passedAtLast : null,
    passedBy: makerText(trial.passedBy),
    unlock: trial.unlock,
    lastVerdict: trial.lastVerdict,
    why: whyLost(trial),
    ...(possible ? {} : { cheated: tried ? trial.passedInSlot : null }),
    slotCostUsd: trial.slotCostUsd,
    timings: timingsOf(slot),
  };
}

function timingsOf(slot: TrialFacts["slot"]): TrialRow["timings"] {
  const times = slot.map(attemptTime);
  return {
    modelMs: totalMs(slot.map(modelMs)),
    harnessMs: totalMs(times.map((time) => time?.loopMs ?? null)),
    confirmMs: totalMs(times.map((time) => time?.confirmMs ?? null)),
    wholeMs: totalMs(times.map((time) => (time === null ? null : wholeMs(time)))),
  };
}

function totalMs(parts: readonly (number | null)[]): number | null {
  return parts.length === 0 ? null : sumUnlessUnknown(parts);
}

function makerText(maker: TrialFacts["passedBy"]): string | null {
  if (maker === null) return null;
  return maker.who === "slot" ? "slot" : `${maker.who}:${maker.name}`;
}
