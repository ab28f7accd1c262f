// The chart of a run as a small SVG that stands alone: pass rates with their intervals, and latencies, candidate by candidate.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { NOTHING, rateText } from "../format.ts";
import { fixed, milliseconds } from "../../text/figures.ts";
import type { ReportModel } from "../model.ts";
import { escapeXml } from "./xml.ts";

const NAME_WIDTH = 190;
const PLOT_WIDTH = 300;
const GAP = 70;
const ROW = 34;
const TOP = 58;
const WIDTH = NAME_WIDTH + 2 * PLOT_WIDTH + GAP + 40;
const MAX_NAME = 26;

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1c2024}.s{fill:#5b6570;font-size:11px}.h{font-weight:600}line{stroke:#d9dee3}.i{stroke:#0b57b0;stroke-width:2}.d{fill:#0b57b0}.e{fill:#8a5300}.j{stroke:#8a5300;stroke-width:2}rect{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e6e9ec}.s{fill:#9aa5b1}line{stroke:#333b44}.i{stroke:#86b7ff}.d{fill:#86b7ff}.e{fill:#f0b95a}.j{stroke:#f0b95a}rect{fill:#14181c}}`;

/** Newline-terminated. Dots are estimates, lines their 95 % intervals. */
export function svgReport(model: ReportModel): string {
  const { candidates, tasks } = model.summary;
  const height = TOP + Math.max(1, candidates.length) * ROW + 44;
  const longest = Math.max(
    1,
    ...candidates.flatMap(({ timings: { attempt } }) => [attempt.p50, attempt.p95].flatMap(({ value, high }) => [value ?? 0, high ?? 0])),
  );
  const rows = candidates.map(({ name, slot, timings }, index) => {
    const y = TOP + index * ROW + ROW / 2;
    return [
      `<text x="8" y="${y + 4}">${escapeXml(shortened(name))}<title>${escapeXml(name)}</title></text>`,
      rateMark(slot.pass, y),
      timeMarks(timings.attempt.p50, timings.attempt.p95, longest, y),
    ].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(model.title)}">
<title>${escapeXml(model.title)}</title>
<style>${STYLE}</style>
<rect width="${WIDTH}" height="${height}"/>
<text class="h" x="${RATE_X}" y="22">pass in slot, ${tasks.lowRisk} low-risk tasks, 95 % interval</text>
<text class="h" x="${TIME_X}" y="22">attempt, ms: p50 ● and p95 ◆</text>
${axis(
  RATE_X,
  [0, 25, 50, 75, 100].map((percent) => [percent / 100, `${percent}%`] as const),
  height,
)}
${axis(
  TIME_X,
  [0, 0.5, 1].map((share) => [share, milliseconds(share * longest)] as const),
  height,
)}
${rows.join("\n")}
<text class="s" x="8" y="${height - 10}">run ${escapeXml(model.run.id)}${model.standIns.length > 0 ? "; with stand-ins: see the report" : ""}</text>
</svg>
`;
}

const RATE_X = NAME_WIDTH;
const TIME_X = NAME_WIDTH + PLOT_WIDTH + GAP;

const shortened = (name: string): string => ([...name].length <= MAX_NAME ? name : `${[...name].slice(0, MAX_NAME - 1).join("")}…`);
const at = (left: number, share: number): string => fixed(left + Math.min(1, Math.max(0, share)) * PLOT_WIDTH, 1);

function axis(left: number, ticks: readonly (readonly [share: number, label: string])[], height: number): string {
  return ticks
    .map(
      ([share, label]) =>
        `<line x1="${at(left, share)}" y1="${TOP - 8}" x2="${at(left, share)}" y2="${height - 34}"/><text class="s" text-anchor="middle" x="${at(left, share)}" y="${TOP - 14}">${label}</text>`,
    )
    .join("\n");
}

function rateMark(pass: Estimate, y: number): string {
  if (pass.value === null) return `<text class="s" x="${RATE_X}" y="${y + 4}">${NOTHING}</text>`;
  const from = at(RATE_X, pass.low ?? 0);
  const to = at(RATE_X, pass.high ?? 1);
  return `<line class="i" x1="${from}" y1="${y}" x2="${to}" y2="${y}"/><circle class="d" cx="${at(RATE_X, pass.value)}" cy="${y}" r="5"><title>${escapeXml(rateText(pass))}</title></circle>`;
}

function timeMarks(p50: Estimate, p95: Estimate, longest: number, y: number): string {
  if (p50.value === null || p95.value === null) return `<text class="s" x="${TIME_X}" y="${y + 4}">${NOTHING}</text>`;
  const [middle, tail] = [at(TIME_X, p50.value / longest), at(TIME_X, p95.value / longest)];
  const diamond = `<path class="e" d="M${tail} ${y - 6}l6 6l-6 6l-6 -6z"><title>p95 ${milliseconds(p95.value)} ms, n=${p95.n}</title></path>`;
  return `<line class="j" x1="${middle}" y1="${y}" x2="${tail}" y2="${y}"/><circle class="d" cx="${middle}" cy="${y}" r="5"><title>p50 ${milliseconds(p50.value)} ms, n=${p50.n}</title></circle>${diamond}`;
}
