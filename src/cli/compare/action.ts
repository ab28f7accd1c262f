// `bakeoff compare`: is one of two results better, and can that be told from chance?
import { compareResults } from "../../app/compare/compare.ts";
import { composeCompare } from "../../app/compose/compare.ts";
import { findPlaces } from "../../app/places.ts";
import { comparisonText } from "../../core/report/compare/comparison.ts";
import { jsonReport } from "../../core/report/formats/json.ts";
import type { CompareOptions } from "./flags.ts";

export async function compare(a: string, b: string, { score, family, json, home }: CompareOptions): Promise<number> {
  const comparison = await compareResults(composeCompare(findPlaces({ home })), { a, b, score: score ?? null, family: family ?? null });
  process.stdout.write(json ? jsonReport(comparison) : comparisonText(comparison));
  return 0;
}
