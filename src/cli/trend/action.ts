// `bakeoff trend`: where the policy's figures changed.
import { composeTrend } from "../../app/compose/trend.ts";
import { findPlaces } from "../../app/places.ts";
import { runTrend, trendHtml } from "../../app/trend/trend.ts";
import { jsonReport } from "../../core/report/formats/json.ts";
import type { TrendFormat } from "../../core/report/trend/formats.ts";
import type { TrendModel } from "../../core/report/trend/model.ts";
import { trendMarkdown } from "../../core/report/trend/markdown.ts";
import { trendText } from "../../core/report/trend/text.ts";
import { stopSignal } from "../stop-signal.ts";
import { errInk, outInk } from "../text/ink.ts";
import { writeSummary } from "../text/summary.ts";
import { paintOf } from "../text/paint.ts";
import { outWidth } from "../text/width.ts";
import { trendExitCode } from "./exit-code.ts";
import type { TrendOptions } from "./flags.ts";

const RENDER: Readonly<Record<TrendFormat, (model: TrendModel) => string>> = {
  text: (model) => trendText(model, { width: outWidth(), paint: paintOf(outInk) }),
  md: trendMarkdown,
  html: trendHtml,
  json: jsonReport,
};

export async function trend({ since, suite, candidates, alpha, failOn, format, comment, json, home }: TrendOptions): Promise<number> {
  const places = findPlaces({ home });
  const told = (capsule: string, left: number): void => void process.stderr.write(errInk.dim(`reading ${places.shown(capsule)} (${left} left)\n`));
  const request = { since: since ?? null, suite: suite ?? null, candidates: candidates ?? [], alpha, told };
  const model = await runTrend(composeTrend(places), request, stopSignal());
  process.stdout.write(RENDER[json ? "json" : format](model));
  await writeSummary(trendMarkdown(model), comment);
  return trendExitCode(model, failOn ?? null);
}
