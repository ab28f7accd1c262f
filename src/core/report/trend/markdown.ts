// A trend as Markdown, for a summary or a comment: one verdict line, what changed, the rest folded away; at most 60 lines.
import { type Comment, commentMarkdown } from "../comment.ts";
import { counted } from "../format.ts";
import { gridMarkdown, markdownCode, markdownText } from "../grid.ts";
import type { TrendGroup, TrendModel } from "./model.ts";
import { alarmSentence, figureGrid } from "./text.ts";
import { changeFigures, seriesTitle, significantChanges, trendSentence } from "./words.ts";

const MOST_CHANGES = 8;
const MOST_DIFFERENCES = 4;
const SIGNS: Readonly<Record<TrendGroup["verdict"], Comment["sign"]>> = { drift: "🔴", changed: "🟡", steady: "🟢", "too-little-history": "⚪" };

/** Newline-terminated; at most sixty lines. */
export function trendMarkdown(model: TrendModel): string {
  const [first] = model.groups;
  return commentMarkdown({
    about: "trend",
    sign: first ? SIGNS[first.verdict] : "⚪",
    verdict: first ? `Trend: ${trendSentence(first)}` : "Trend: no finished runs yet",
    body: model.groups.flatMap(groupMarkdown),
    end: ["", `_${markdownText(alarmSentence(model))} At least ${model.leastHistory} runs._`],
  });
}

function groupMarkdown(group: TrendGroup): readonly string[] {
  const changes = significantChanges(group);
  return [
    `**${markdownText(group.of)}** · ${counted(group.runs.length, "run")}`,
    "",
    ...changes
      .slice(0, MOST_CHANGES)
      .flatMap((series) => [
        `- **${series.change.direction}** ${markdownText(seriesTitle(series))}: ${markdownText(changeFigures(series, series.change))} since ${markdownCode(series.change.run)} (p = ${series.change.adjustedP.toPrecision(2)})`,
        ...series.change.differences.slice(0, MOST_DIFFERENCES).map(({ what, before, after }) => `  - ${markdownText(`${what}: ${before} → ${after}`)}`),
      ]),
    ...(changes.length > MOST_CHANGES ? [`- and ${changes.length - MOST_CHANGES} more`] : []),
    ...(changes.length === 0 ? ["No change that is more than chance."] : []),
    "",
    `<details><summary>${counted(group.series.length, "figure")}</summary>`,
    "",
    ...gridMarkdown(figureGrid(group)).split("\n"),
    "",
    "</details>",
    "",
  ];
}
