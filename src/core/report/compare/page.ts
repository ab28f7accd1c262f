// Two results as one page that stands alone: the verdict, both rates, the interval of the difference, and each sample on which they differ.
import Handlebars from "handlebars";
import { fixed } from "../../text/figures.ts";
import { mapTexts } from "../map-texts.ts";
import { counted, oneLine } from "../format.ts";
import STYLE from "../page.css.hbs";
import { signedPoints } from "../runs/pairs.ts";
import { type ArmComparison, type ComparedArm, COMPARISON_VERDICTS } from "./comparison.ts";
import TEMPLATE from "./page.html.hbs";

const render = Handlebars.create().compile(TEMPLATE, { strict: true });

/** Needs no script and asks nobody; every text is escaped. */
export function comparisonPage(comparison: ArmComparison): string {
  const { a, b, tasks, families, difference, p, same, aBetter, bBetter, verdict } = comparison;
  const { value, low, high, method } = difference;
  const isKnown = value !== null && low !== null && high !== null;
  const view = {
    title: `${a.name} beside ${b.name}`,
    tone: TONES[verdict],
    verdict: COMPARISON_VERDICTS[verdict],
    difference: isKnown ? `A − B: ${signedPoints(value)} points [${signedPoints(low)} to ${signedPoints(high)}]` : "",
    paired: `${counted(tasks, "sample")} of both, in ${counted(families, "family", "families")}, which are what the interval counts.`,
    arms: [
      { letter: "A", ...armView(a) },
      { letter: "B", ...armView(b) },
    ],
    method: `${method}; p = ${fixed(p, 4)}.`,
    aCount: String(aBetter.length),
    bCount: String(bBetter.length),
    same: String(same),
    lists: [
      { title: "A better", samples: aBetter },
      { title: "B better", samples: bBetter },
    ].filter(({ samples }) => samples.length > 0),
  };
  return render({ ...mapTexts(view, oneLine), style: STYLE.trim(), interval: isKnown ? intervalSvg({ value, low, high }) : "<p>Nothing can be paired.</p>" });
}

const TONES: Readonly<Record<ArmComparison["verdict"], string>> = { "a-better": "proven", "b-better": "proven", inconclusive: "partly" };

const armView = ({ name, rate, unpaired, unscored }: ComparedArm) => ({
  name,
  rate: rate === null ? "–" : `${fixed(rate * 100, 1)} %`,
  unpaired: String(unpaired),
  unscored: String(unscored),
});

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const x = (share: number): string => fixed(10 + (share + 1) * 290, 1);

/** From −100 to 100 points, with a mark at 0. */
function intervalSvg({ value, low, high }: Interval): string {
  const ticks = [-1, -0.5, 0, 0.5, 1].map(
    (share) => `<text x="${x(share)}" y="52" font-size="11" text-anchor="middle" fill="currentColor">${share * 100}</text>`,
  );
  return [
    `<svg viewBox="0 0 600 60" width="600" role="img" aria-label="A − B: ${signedPoints(value)} points, from ${signedPoints(low)} to ${signedPoints(high)}" style="max-width:100%">`,
    `<line x1="${x(-1)}" y1="36" x2="${x(1)}" y2="36" stroke="currentColor" stroke-opacity="0.3"/>`,
    `<line x1="${x(0)}" y1="6" x2="${x(0)}" y2="40" stroke="currentColor" stroke-opacity="0.5" stroke-dasharray="3 3"/>`,
    `<line x1="${x(low)}" y1="20" x2="${x(high)}" y2="20" stroke="currentColor" stroke-width="4"/>`,
    `<circle cx="${x(value)}" cy="20" r="6" fill="currentColor"/>`,
    ...ticks,
    "</svg>",
  ].join("");
}
