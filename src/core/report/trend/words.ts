// What a trend comes to, in words that page, text and comment share.
import { counted, percent } from "../format.ts";
import { fixed, milliseconds } from "../../text/figures.ts";
import { TREND_METRICS, type TrendMetric } from "./metrics.ts";
import type { TrendChange, TrendGroup, TrendSeries } from "./model.ts";

export const trendFigure: Readonly<Record<TrendMetric["unit"], (value: number) => string>> = {
  share: percent,
  ms: (value) => `${milliseconds(value)} ms`,
  usd: (value) => `$${fixed(value, 4)}`,
};

/** `pass of gpt-oss-20b`, or the metric alone where it is the run's. */
export const seriesTitle = ({ candidate, metric }: Pick<TrendSeries, "candidate" | "metric">): string =>
  candidate === null ? metric : `${metric} of ${candidate}`;

/** Changes that are more than chance, worse ones first. */
export function significantChanges({ series }: Pick<TrendGroup, "series">): readonly (TrendSeries & { readonly change: TrendChange })[] {
  const found = series.flatMap((one) => (one.change?.isSignificant === true ? [{ ...one, change: one.change }] : []));
  return found.toSorted((a, b) => Number(b.change.direction === "worse") - Number(a.change.direction === "worse") || a.change.adjustedP - b.change.adjustedP);
}

/** The group's verdict in a sentence. */
export function trendSentence(group: TrendGroup): string {
  const changes = significantChanges(group);
  const [first] = changes;
  const tested = group.series.filter(({ change }) => change !== null).length;
  if (group.verdict === "too-little-history") return `Too little history to say: ${counted(group.runs.length, "run")}.`;
  if (!first) return `No change that is more than chance, in ${counted(tested, "figure")} over ${counted(group.runs.length, "run")}.`;
  const more = changes.length === 1 ? "" : `, and ${changes.length - 1} more`;
  return `${seriesTitle(first)} is ${first.change.direction} since ${first.change.createdAt.slice(0, 10)}: ${changeFigures(first, first.change)}${more}.`;
}

export function changeFigures({ metric }: Pick<TrendSeries, "metric">, { before, after, acknowledged }: TrendChange): string {
  const text = trendFigure[TREND_METRICS[metric].unit];
  return `${text(before)} → ${text(after)}${acknowledged === null ? "" : ` (acknowledged by ${acknowledged.by}: ${acknowledged.reason})`}`;
}
