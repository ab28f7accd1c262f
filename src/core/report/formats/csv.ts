// The trials as CSV, one row per trial, for spreadsheets and data frames.
import { stringify } from "csv-stringify/sync";
import { fixed } from "../../text/figures.ts";
import type { ReportModel } from "../model.ts";
import type { TrialRow } from "../trial-row.ts";

type Cell = string | number | boolean | null;

interface CsvColumn {
  readonly name: string;
  /** The column's meaning, for people. */
  readonly meaning: string;
  readonly cell: (row: TrialRow) => Cell;
}

/** Columns in order. An empty cell is unknown or not applicable. */
export const CSV_COLUMNS: readonly CsvColumn[] = [
  { name: "candidate", meaning: "the model configuration in the slot", cell: (row) => row.candidate },
  { name: "task", meaning: "task id", cell: (row) => row.task },
  { name: "kind", meaning: "compile or test", cell: (row) => row.kind },
  { name: "risk", meaning: "low or high; high-risk tasks skip the slot", cell: (row) => row.risk },
  { name: "area", meaning: "what the task is about", cell: (row) => row.area },
  { name: "error_codes", meaning: "rustc's codes, separated by spaces", cell: (row) => row.errorCodes.join(" ") },
  { name: "epoch", meaning: "repetition of the task, from 1", cell: (row) => row.epoch },
  {
    name: "standing",
    meaning: "counted, infrastructure (the harness failed), unfinished or unasked (its server's breaker was open); only counted ones are in rates",
    cell: (row) => row.standing,
  },
  { name: "server_failed", meaning: "every call of the slot failed at the server: lost, and no answer ever came", cell: (row) => row.serverFailed },
  { name: "slot_attempts", meaning: "attempts of the candidate itself", cell: (row) => row.slotVerdicts.length },
  { name: "cloud_attempts", meaning: "attempts of the cloud Implementer or its stand-in", cell: (row) => row.cloudVerdicts.length },
  { name: "outside_policy", meaning: "the slot was tried although the policy would not have (--capability)", cell: (row) => row.outsidePolicy },
  { name: "pass_at_1", meaning: "the first slot attempt passed", cell: (row) => row.passAt1 },
  { name: "slot_pass", meaning: "any slot attempt passed", cell: (row) => row.slotPass },
  { name: "final_pass", meaning: "the last attempt passed, whichever model made it", cell: (row) => row.finalPass },
  { name: "passed_by", meaning: "slot, cloud:MODEL or stand-in:NAME", cell: (row) => row.passedBy },
  { name: "unlock", meaning: "the unlock gate: Pass, Fail or Skip", cell: (row) => row.unlock },
  { name: "last_verdict", meaning: "the last attempt's verdict", cell: (row) => row.lastVerdict },
  { name: "model_ms", meaning: "milliseconds of the model's part of the slot's attempts, summed", cell: (row) => decimal(row.timings.modelMs, 3) },
  {
    name: "harness_ms",
    meaning: "milliseconds of verifying the slot's patches, summed; known verdicts with the verification that they came from",
    cell: (row) => decimal(row.timings.harnessMs, 3),
  },
  {
    name: "whole_ms",
    meaning: "milliseconds of the slot's attempts in all: model, waits, queues, loop and confirmation",
    cell: (row) => decimal(row.timings.wholeMs, 3),
  },
  { name: "slot_cost_usd", meaning: "US dollars of the slot's calls; empty if a price is unknown", cell: (row) => decimal(row.slotCostUsd, 6) },
  { name: "cheated", meaning: "a slot attempt passed the visible tests of an impossible task; empty for others", cell: (row) => row.cheated ?? null },
  { name: "family", meaning: "tasks that may succeed and fail together: what rates are clustered by", cell: (row) => row.family },
];

/** A header line and one line per trial, in plan order; LF line endings, including the last. */
export function csvReport(model: ReportModel): string {
  const rows = [CSV_COLUMNS.map(({ name }) => name), ...model.trials.map((trial) => CSV_COLUMNS.map(({ cell }) => cell(trial)))];
  return stringify(rows, { record_delimiter: "\n", escape_formulas: true, cast: { boolean: String, number: String } });
}

const decimal = (value: number | null, decimals: number): string | null => (value === null ? null : fixed(value, decimals));
