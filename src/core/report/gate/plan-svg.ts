// A planned gate as a small SVG that stands alone: by true difference, how likely it is to promote, to stay open and to hold.
import type { GatePlan, PlannedRow } from "../../gate/planning/gate-plan.ts";
import { LIKELY } from "../../gate/planning/smallest-plan.ts";
import { fixed } from "../../text/figures.ts";
import { percent } from "../format.ts";
import { escapeXml } from "../formats/xml.ts";
import { pointsText } from "./plan-text.ts";

const NAME_WIDTH = 120;
const PLOT_WIDTH = 420;
const ROW = 34;
const TOP = 64;
const WIDTH = NAME_WIDTH + PLOT_WIDTH + 40;

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1c2024}.s{fill:#5b6570;font-size:11px}.h{font-weight:600}line{stroke:#1c2024;stroke-dasharray:3 3}.b{fill:#fff}.promote{fill:#1a7f4b}.inconclusive{fill:#d9dee3}.hold{fill:#b3372f}@media(prefers-color-scheme:dark){text{fill:#e6e9ec}.s{fill:#9aa5b1}line{stroke:#e6e9ec}.b{fill:#14181c}.promote{fill:#4cc38a}.inconclusive{fill:#333b44}.hold{fill:#e5736b}}`;

/** In the order in which they stand side by side. */
const ENDS = ["promote", "inconclusive", "hold"] as const;
const WORDS: Readonly<Record<(typeof ENDS)[number], string>> = { promote: "promote", inconclusive: "stay open", hold: "hold" };

/** Newline-terminated. */
export function planSvg({ candidate, incumbent, suite, size, rows }: GatePlan): string {
  const height = TOP + Math.max(1, rows.length) * ROW + 40;
  const title = `${candidate} in place of ${incumbent}: chances of the gate`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
<rect class="b" width="${WIDTH}" height="${height}"/>
<text class="h" x="8" y="22">${escapeXml(title)}</text>
<text class="s" x="8" y="42">${escapeXml(`${suite}: ${size.tasks} tasks in ${size.families} families, ${size.epochs} epochs; true difference, and the share of gates`)}</text>
${rows.map((row, index) => rowMarks(row, TOP + index * ROW)).join("\n")}
<line x1="${x(LIKELY)}" y1="${TOP - 6}" x2="${x(LIKELY)}" y2="${height - 34}"/>
<text class="s" text-anchor="middle" x="${x(LIKELY)}" y="${height - 20}">${percent(LIKELY)}</text>
</svg>
`;
}

const x = (share: number): string => fixed(NAME_WIDTH + share * PLOT_WIDTH, 1);

function rowMarks(row: PlannedRow, y: number): string {
  let from = 0;
  const bars = ENDS.map((end) => {
    const share = row[end];
    const bar = `<rect class="${end}" x="${x(from)}" y="${y}" width="${fixed(share * PLOT_WIDTH, 1)}" height="22"><title>${WORDS[end]}: ${percent(share)}</title></rect>`;
    from += share;
    return bar;
  });
  return `<text x="8" y="${y + 15}">${escapeXml(pointsText(row.difference))}</text>\n${bars.join("\n")}`;
}
