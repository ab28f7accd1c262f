// The columns of a run's table, one row a trial: names, types and meanings, the same in every form of the table. New ones are appended.
import type { TrialRow } from "../trial-row.ts";

/** What a column holds, where it holds something. `decimals`: to which a number is rounded, so that bytes do not depend on a platform's last bit. */
interface TypedColumn<T extends string, V> {
  readonly name: string;
  readonly type: T;
  readonly meaning: string;
  /** Null: unknown, or not applicable. */
  readonly value: (row: TrialRow) => V | null;
}

export type TrialColumn =
  | TypedColumn<"text", string>
  | TypedColumn<"flag", boolean>
  | TypedColumn<"count", number>
  | (TypedColumn<"number", number> & { readonly decimals: number });

const text = (name: string, meaning: string, value: (row: TrialRow) => string | null): TrialColumn => ({ name, type: "text", meaning, value });
const flag = (name: string, meaning: string, value: (row: TrialRow) => boolean | null): TrialColumn => ({ name, type: "flag", meaning, value });
const count = (name: string, meaning: string, value: (row: TrialRow) => number): TrialColumn => ({ name, type: "count", meaning, value });
const number = (name: string, meaning: string, decimals: number, value: (row: TrialRow) => number | null): TrialColumn => ({
  name,
  type: "number",
  meaning,
  decimals,
  value,
});

export const TRIAL_COLUMNS: readonly TrialColumn[] = [
  text("candidate", "the model configuration in the slot", (row) => row.candidate),
  text("task", "task id", (row) => row.task),
  text("kind", "compile or test", (row) => row.kind),
  text("risk", "low or high; high-risk tasks skip the slot", (row) => row.risk),
  text("area", "what the task is about", (row) => row.area),
  text("error_codes", "rustc's codes, separated by spaces", (row) => row.errorCodes.join(" ")),
  count("epoch", "repetition of the task, from 1", (row) => row.epoch),
  text(
    "standing",
    "counted, infrastructure (the harness failed), unfinished or unasked (its server's breaker was open); only counted ones are in rates",
    (row) => row.standing,
  ),
  flag("server_failed", "every call of the slot failed at the server: lost, and no answer ever came", (row) => row.serverFailed),
  count("slot_attempts", "attempts of the candidate itself", (row) => row.slotVerdicts.length),
  count("cloud_attempts", "attempts of the cloud Implementer or its stand-in", (row) => row.cloudVerdicts.length),
  flag("outside_policy", "the slot was tried although the policy would not have (--capability)", (row) => row.outsidePolicy),
  flag("pass_at_1", "the first slot attempt passed", (row) => row.passAt1),
  flag("slot_pass", "any slot attempt passed", (row) => row.slotPass),
  flag("final_pass", "the last attempt passed, whichever model made it", (row) => row.finalPass),
  text("passed_by", "slot, cloud:MODEL or stand-in:NAME", (row) => row.passedBy),
  text("unlock", "the unlock gate: Pass, Fail or Skip", (row) => row.unlock),
  text("last_verdict", "the last attempt's verdict", (row) => row.lastVerdict),
  number("model_ms", "milliseconds of the model's part of the slot's attempts, summed", 3, (row) => row.timings.modelMs),
  number(
    "harness_ms",
    "milliseconds of verifying the slot's patches, summed; known verdicts with the verification that they came from",
    3,
    (row) => row.timings.harnessMs,
  ),
  number("whole_ms", "milliseconds of the slot's attempts in all: model, waits, queues, loop and confirmation", 3, (row) => row.timings.wholeMs),
  number("slot_cost_usd", "US dollars of the slot's calls; empty if a price is unknown", 6, (row) => row.slotCostUsd),
  flag("cheated", "a slot attempt passed the visible tests of an impossible task; empty for others", (row) => row.cheated ?? null),
  text("family", "tasks that may succeed and fail together: what rates are clustered by", (row) => row.family),
  text("why", "what the verdict says that decided about the candidate; empty if it passed or was not tried", (row) => row.why),
  number("confirm_ms", "milliseconds of confirming the slot's patches by held-out tests, summed", 3, (row) => row.timings.confirmMs),
];
