// Reports of fixed runs, byte for byte. After a change that is meant: `UPDATE_GOLDEN=1 npx vitest run --project unit test/golden`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { csvReport } from "../../src/core/report/formats/csv.ts";
import { jsonReport } from "../../src/core/report/formats/json.ts";
import { markdownReport } from "../../src/core/report/formats/markdown.ts";
import { type ReportModel, reportModel } from "../../src/core/report/model.ts";
import { textTable } from "../../src/core/report/formats/table.ts";
import { GOLDEN_RUNS } from "./golden-run.ts";

const FORMATS: Readonly<Record<string, (model: ReportModel) => string>> = { md: markdownReport, json: jsonReport, csv: csvReport, txt: textTable };

const cases = Object.keys(GOLDEN_RUNS).flatMap((run) => Object.keys(FORMATS).map((format) => ({ run, format })));

describe.each(cases)("the $run run as $format", ({ run, format }) => {
  const produce = (): string => FORMATS[format]?.(reportModel(GOLDEN_RUNS[run]?.() as never)) ?? "";
  const file = join(import.meta.dirname, `report-${run}.${format}`);

  it("is the golden file, byte for byte", () => {
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, produce());
    expect(produce()).toBe(readFileSync(file, "utf8"));
  });

  it("is the same under another time zone and language", () => {
    const { TZ, LANG } = process.env;
    const before = produce();
    try {
      Object.assign(process.env, { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8" });
      expect(produce()).toBe(before);
    } finally {
      restore("TZ", TZ);
      restore("LANG", LANG);
    }
  });

  it("ends with exactly one newline and has no carriage return", () => {
    expect(produce()).toMatch(/[^\n]\n$/);
    expect(produce()).not.toContain("\r");
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
