// A trend as text for a terminal: a verdict for each group of comparable runs, then what changed, then the figures as they are.
import { counted, NOTHING } from "../format.ts";
import { gridLines, left, right } from "../grid.ts";
import { type Paint, PLAIN, wrapped } from "../trial/block.ts";
import { TREND_METRICS } from "./metrics.ts";
import type { TrendGroup, TrendModel } from "./model.ts";
import { changeFigures, seriesTitle, significantChanges, trendFigure, trendSentence } from "./words.ts";

export interface TrendTextOptions {
  readonly width: number;
  readonly paint?: Paint;
}

/** Newline-terminated. */
export function trendText(model: TrendModel, { width, paint = PLAIN }: TrendTextOptions): string {
  const none = model.groups.length === 0 ? [["No finished runs here yet."]] : [];
  const leftOut = model.leftOut.length === 0 ? [] : [["LEFT OUT", ...model.leftOut.flatMap(({ run, why }) => wrapped(`${run}: ${why}`, "  ", width))]];
  const method = wrapped(`${alarmSentence(model)} At least ${model.leastHistory} runs before anything is said to have changed.`, "", width).map(paint.dim);
  const blocks = [...none, ...model.groups.map((group) => groupLines(group, width, paint)), ...leftOut, method];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The stated rate of false alarms. */
export const alarmSentence = ({ alpha }: Pick<TrendModel, "alpha">): string =>
  `Of histories in which nothing changed, at most ${alpha * 100} % are said to have changed at one look, over all figures of a group (permutation tests, Holm).`;

const TONES: Readonly<Record<TrendGroup["verdict"], keyof Paint>> = { drift: "bad", changed: "bold", steady: "good", "too-little-history": "dim" };

function groupLines(group: TrendGroup, width: number, paint: Paint): readonly string[] {
  const older = group.olderRuns > 0 ? `, and ${group.olderRuns} older ones` : "";
  const changes = significantChanges(group).flatMap((series) => [
    ...wrapped(
      `${series.change.direction}: ${seriesTitle(series)}: ${changeFigures(series, series.change)} since ${series.change.run} (p = ${series.change.adjustedP.toPrecision(2)})`,
      "  ",
      width,
    ).map(series.change.direction === "worse" ? paint.bad : paint.good),
    ...series.change.differences.flatMap(({ what, before, after }) => wrapped(`${what}: ${before} → ${after}`, "    ", width)),
    ...(series.change.differences.length === 0 ? ["    nothing that a run records was different from then on"] : []),
  ]);
  return [
    ...wrapped(`${group.verdict.toUpperCase()}: ${trendSentence(group)}`, "", width).map(paint[TONES[group.verdict]]),
    ...wrapped(`${group.of}: ${counted(group.runs.length, "run")}${older}`, "  ", width).map(paint.dim),
    ...changes,
    ...gridLines(figureGrid(group), width).map((line) => `  ${line}`.slice(0, width)),
  ];
}

/** Every figure: the last value beside the mean of the ones before. */
export function figureGrid({ series }: TrendGroup) {
  return {
    columns: [left("figure"), right("runs"), right("last"), right("before"), right("change")],
    rows: series.map((one) => {
      const text = trendFigure[TREND_METRICS[one.metric].unit];
      const values = one.points.flatMap(({ estimate }) => (estimate.value === null ? [] : [estimate.value]));
      const earlier = values.slice(0, -1);
      const mean = earlier.length === 0 ? null : earlier.reduce((sum, value) => sum + value, 0) / earlier.length;
      const last = values.at(-1);
      return [
        seriesTitle(one),
        String(values.length),
        last === undefined ? NOTHING : text(last),
        mean === null ? NOTHING : text(mean),
        one.change === null ? "too few" : one.change.isSignificant ? one.change.direction : "none",
      ];
    }),
  };
}
