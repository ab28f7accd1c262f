// The trials as CSV, one row per trial, for spreadsheets and data frames.
import { stringify } from "csv-stringify/sync";
import { fixed } from "../../text/figures.ts";
import type { ReportModel } from "../model.ts";
import type { TrialRow } from "../trial-row.ts";
import { TRIAL_COLUMNS, type TrialColumn } from "./columns.ts";

/** A header line and one line per trial, in plan order; LF line endings, including the last. An empty cell is unknown or not applicable. */
export function csvReport(model: ReportModel): string {
  const rows = [TRIAL_COLUMNS.map(({ name }) => name), ...model.trials.map((trial) => TRIAL_COLUMNS.map((column) => cell(column, trial)))];
  return stringify(rows, { record_delimiter: "\n", escape_formulas: true, cast: { boolean: String, number: String } });
}

function cell(column: TrialColumn, row: TrialRow): string | number | boolean | null {
  if (column.type !== "number") return column.value(row);
  const value = column.value(row);
  return value === null ? null : fixed(value, column.decimals);
}
