// What docs/REPORT_FORMATS.md says of each format and each column is what the code says.
import { expect, it } from "vitest";
import { TRIAL_COLUMNS } from "../../../../../src/core/report/formats/columns.ts";
import { REPORT_FORMAT_NAMES, REPORT_FORMATS } from "../../../../../src/core/report/formats/registry.ts";

const PARQUET_TYPES = { text: "string", flag: "boolean", count: "int32", number: "double" } as const;

const NOTEBOOK = `\`\`\`python
import pandas as pd
import polars as pl

trials = pd.read_parquet("report/trials.parquet")  # or pl.read_parquet; types and nulls are kept
counted = trials[(trials.standing == "counted") & trials.slot_pass.notna()]
print(counted.groupby("candidate").slot_pass.agg(["mean", "count"]))

# By family, which is what the report's intervals count.
print(
    pl.read_parquet("report/trials.parquet")
    .filter(pl.col("standing") == "counted")
    .group_by("candidate", "family")
    .agg(pl.col("slot_pass").mean(), pl.len())
)

# The CSV has no types: say which columns are flags.
pd.read_csv("report/trials.csv", dtype={"slot_pass": "boolean", "final_pass": "boolean", "pass_at_1": "boolean"})
\`\`\``;

it("docs/REPORT_FORMATS.md lists formats and columns (`npx vitest run --project unit FILE -u` writes it)", async () => {
  const formats = REPORT_FORMAT_NAMES.map((name) => {
    const { is, file, holds, lacks } = REPORT_FORMATS[name];
    return `| \`${name}\` | ${is} | \`${file}\` | ${holds} | ${lacks} |`;
  });
  const columns = TRIAL_COLUMNS.map(({ name, type, meaning }) => `| \`${name}\` | ${PARQUET_TYPES[type]} | ${meaning} |`);
  const text = [
    "# Report formats",
    "",
    "Generated from the code. `bakeoff report RUN --format NAME --out DIR` writes them; each is a pure function of the capsule's bytes.",
    "`npm run test:interop` has the tools that they are for read them, and compares what those show with the capsule.",
    "",
    "| Format | What it is | Files | Holds | Lacks |",
    "|---|---|---|---|---|",
    ...formats,
    "",
    "## The table of trials",
    "",
    "CSV and Parquet have the same columns in the same order; new ones are appended. Null, in CSV an empty cell, is unknown or not applicable.",
    "",
    "| Column | Type | Meaning |",
    "|---|---|---|",
    ...columns,
    "",
    "In a notebook:",
    "",
    NOTEBOOK,
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../../../../../docs/REPORT_FORMATS.md");
});

it("says of every format and column what it holds", () => {
  for (const { is, holds, lacks } of Object.values(REPORT_FORMATS)) for (const sentence of [is, holds, lacks]) expect(sentence.length).toBeGreaterThan(5);
  expect(new Set(TRIAL_COLUMNS.map(({ name }) => name)).size).toBe(TRIAL_COLUMNS.length);
});
