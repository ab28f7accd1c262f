// `bakeoff compare`: is one of two results better, and can that be told from chance?
import { compareResults } from "../../app/compare/compare.ts";
import { composeCompare } from "../../app/compose/compare.ts";
import { diskTextsOf } from "../../app/compose/parts/texts.ts";
import { findPlaces } from "../../app/places.ts";
import { comparisonText } from "../../core/report/compare/comparison.ts";
import { comparisonPage } from "../../core/report/compare/page.ts";
import { jsonReport } from "../../core/report/formats/json.ts";
import type { CompareOptions } from "./flags.ts";
import { printText } from "../text/fitted.ts";

export async function compare(a: string, b: string, { score, family, html, json, home }: CompareOptions): Promise<number> {
  const comparison = await compareResults(composeCompare(findPlaces({ home })), { a, b, score: score ?? null, family: family ?? null });
  if (html !== undefined) await diskTextsOf().write(html, comparisonPage(comparison));
  if (json) process.stdout.write(jsonReport(comparison));
  else printText(comparisonText(comparison));
  return 0;
}
