// The trials as Parquet, one row per trial: the CSV's columns with their types, for data frames and databases.
import { parquetWriteBuffer } from "hyparquet-writer";
import { fixed } from "../../text/figures.ts";
import type { ReportModel } from "../model.ts";
import type { TrialRow } from "../trial-row.ts";
import { TRIAL_COLUMNS, type TrialColumn } from "./columns.ts";

const TYPES = { text: "STRING", flag: "BOOLEAN", count: "INT32", number: "DOUBLE" } as const satisfies Readonly<Record<TrialColumn["type"], string>>;

/** Null is null: nothing is guessed from an empty text. */
export function parquetReport({ trials, run, identity }: ReportModel): Uint8Array {
  const columnData = TRIAL_COLUMNS.map((column) => ({
    name: column.name,
    type: TYPES[column.type],
    nullable: true,
    data: trials.map((row) => valueOf(column, row)),
  }));
  const facts = { "bakeoff.run": run.id, "bakeoff.suite": `${identity.suite.name} ${identity.suite.version}`, "bakeoff.policy": identity.policy.id };
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata: Object.entries(facts).map(([key, value]) => ({ key, value })) }));
}

function valueOf(column: TrialColumn, row: TrialRow): string | number | boolean | null {
  if (column.type === "text") return column.value(row)?.toWellFormed() ?? null;
  if (column.type !== "number") return column.value(row);
  const value = column.value(row);
  return value === null ? null : Number(fixed(value, column.decimals));
}
