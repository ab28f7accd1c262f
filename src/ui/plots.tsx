// Plots as SVG made on the server: no script draws them, and they are there in a printed page too.
import type { Estimate } from "../core/metrics/statistics/interval.ts";
import { oneLine, percent, rateText } from "../core/report/format.ts";
import { fixed } from "../core/text/figures.ts";
import { type LabelPlace, labelPlaces } from "./label-places.ts";
import { durationText } from "./pieces.tsx";

export interface ScatterPoint {
  readonly name: string;
  readonly pass: Estimate;
  readonly attemptP50: Estimate;
}

const SCATTER = { width: 560, height: 292, left: 52, right: 30, top: 14, bottom: 42 } as const;
const MOST_NAME = 22;

/** Pass in slot against the median of an attempt, each with its 95 % interval. Time is on a logarithmic scale. */
export const Scatter = ({ points }: { readonly points: readonly ScatterPoint[] }) => {
  const drawn = points.filter(({ pass, attemptP50 }) => pass.value !== null && (attemptP50.value ?? 0) > 0);
  if (drawn.length === 0) return <p class="missing">No attempt was timed.</p>;
  const times = drawn.flatMap(({ attemptP50: { value, low, high } }) => [value, low, high].filter((ms) => ms !== null && ms > 0) as number[]);
  const x = logScale(Math.min(...times), Math.max(...times));
  const y = (share: number): number => SCATTER.top + (1 - share) * (SCATTER.height - SCATTER.top - SCATTER.bottom);
  const marks = drawn.map(({ name, pass, attemptP50 }) => ({ x: x.at(attemptP50.value ?? 1), y: y(pass.value ?? 0), name: shortName(name) }));
  const labels = labelPlaces(marks, SCATTER.width);
  const says = drawn.map(({ name, pass, attemptP50 }) => `${oneLine(name)} ${rateText(pass)}, ${durationText(attemptP50.value ?? 0)}`).join("; ");
  return (
    <svg class="plot" viewBox={`0 0 ${SCATTER.width} ${SCATTER.height}`} role="img" aria-label={`Pass in slot by median attempt: ${says}`}>
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g>
          <line class="grid" x1={SCATTER.left} x2={SCATTER.width - SCATTER.right} y1={y(share)} y2={y(share)} />
          <text class="tick" x={SCATTER.left - 8} y={y(share) + 4} text-anchor="end">
            {`${share * 100} %`}
          </text>
        </g>
      ))}
      {x.ticks.map((ms) => (
        <g>
          <line class="grid" x1={x.at(ms)} x2={x.at(ms)} y1={SCATTER.top} y2={SCATTER.height - SCATTER.bottom} />
          <text class="tick" x={x.at(ms)} y={SCATTER.height - SCATTER.bottom + 18} text-anchor="middle">
            {durationText(ms)}
          </text>
        </g>
      ))}
      <text class="axis" x={(SCATTER.left + SCATTER.width - SCATTER.right) / 2} y={SCATTER.height - 6} text-anchor="middle">
        median attempt
      </text>
      {drawn.map((point, index) => (
        <ScatterMark point={point} series={index} x={x.at} y={y} label={labels[index] as LabelPlace} />
      ))}
    </svg>
  );
};

function shortName(name: string): string {
  const letters = [...oneLine(name)];
  return letters.length > MOST_NAME ? `${letters.slice(0, MOST_NAME - 1).join("")}…` : letters.join("");
}

const ScatterMark = ({
  point: { name, pass, attemptP50 },
  series,
  x,
  y,
  label,
}: {
  readonly point: ScatterPoint;
  readonly series: number;
  readonly x: (ms: number) => number;
  readonly y: (share: number) => number;
  readonly label: LabelPlace;
}) => {
  const [cx, cy] = [x(attemptP50.value ?? 1), y(pass.value ?? 0)];
  return (
    <g class={`series s${series % 6}`}>
      <title>{`${oneLine(name)}: ${rateText(pass)}, ${durationText(attemptP50.value ?? 0)}`}</title>
      <line x1={cx} x2={cx} y1={y(pass.low ?? 0)} y2={y(pass.high ?? 1)} />
      {attemptP50.low !== null && attemptP50.high !== null ? <line x1={x(attemptP50.low)} x2={x(attemptP50.high)} y1={cy} y2={cy} /> : null}
      <circle cx={cx} cy={cy} r="5.5" />
      <text x={label.x} y={label.y} text-anchor={label.anchor}>
        {shortName(name)}
      </text>
    </g>
  );
};

function logScale(least: number, most: number): { readonly at: (ms: number) => number; readonly ticks: readonly number[] } {
  const low = Math.log10(least / 1.6);
  const high = Math.log10(most * 1.6);
  const room = SCATTER.width - SCATTER.left - SCATTER.right;
  const at = (ms: number): number => SCATTER.left + ((Math.log10(Math.max(ms, 1e-3)) - low) / Math.max(1e-9, high - low)) * room;
  const wanted = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [power, 2 * power, 5 * power]);
  const within = wanted.filter((ms) => Math.log10(ms) >= low && Math.log10(ms) <= high);
  return { at, ticks: within.length > 1 ? within : [10 ** ((low * 3 + high) / 4), 10 ** ((low + high * 3) / 4)] };
}

export interface SeriesPlotPoint {
  readonly label: string;
  readonly estimate: Estimate;
}

const SERIES = { width: 560, height: 150, left: 56, right: 12, top: 12, bottom: 26 } as const;

export type FigureUnit = "share" | "ms" | "usd";

export const figureText: Readonly<Record<FigureUnit, (value: number) => string>> = {
  share: percent,
  ms: durationText,
  usd: (value) => `$${fixed(value, 4)}`,
};

/** One figure run by run, each with its interval; `changeAt`: the number of the first run after a change. */
export const SeriesPlot = ({
  points,
  unit,
  changeAt,
  label,
}: {
  readonly points: readonly SeriesPlotPoint[];
  readonly unit: FigureUnit;
  readonly changeAt: number | null;
  readonly label: string;
}) => {
  const values = points.flatMap(({ estimate: { value, low, high } }) => [value, low, high].filter((one) => one !== null) as number[]);
  const top = unit === "share" ? 1 : Math.max(...values, 1e-9) * 1.08;
  const room = SERIES.width - SERIES.left - SERIES.right;
  const x = (index: number): number => SERIES.left + (points.length === 1 ? room / 2 : (index / (points.length - 1)) * room);
  const y = (value: number): number => SERIES.top + (1 - value / top) * (SERIES.height - SERIES.top - SERIES.bottom);
  const path = points.map(({ estimate }, index) => `${index === 0 ? "M" : "L"}${fixed(x(index), 1)} ${fixed(y(estimate.value ?? 0), 1)}`).join("");
  const first = points[0]?.label ?? "";
  const last = points.at(-1)?.label ?? "";
  return (
    <svg class="plot" viewBox={`0 0 ${SERIES.width} ${SERIES.height}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map((share) => (
        <g>
          <line class="grid" x1={SERIES.left} x2={SERIES.width - SERIES.right} y1={y(share * top)} y2={y(share * top)} />
          <text class="tick" x={SERIES.left - 8} y={y(share * top) + 4} text-anchor="end">
            {figureText[unit](share * top)}
          </text>
        </g>
      ))}
      <text class="tick" x={SERIES.left} y={SERIES.height - 8}>
        {first}
      </text>
      {points.length > 1 ? (
        <text class="tick" x={SERIES.width - SERIES.right} y={SERIES.height - 8} text-anchor="end">
          {last}
        </text>
      ) : null}
      {changeAt === null ? null : (
        <line
          class="change"
          x1={(x(changeAt - 1) + x(changeAt)) / 2}
          x2={(x(changeAt - 1) + x(changeAt)) / 2}
          y1={SERIES.top}
          y2={SERIES.height - SERIES.bottom}
        />
      )}
      <g class="series s0">
        <path d={path} />
        {points.map(({ label: run, estimate }, index) => (
          <g>
            <title>{`${run}: ${figureText[unit](estimate.value ?? 0)}`}</title>
            {estimate.low !== null && estimate.high !== null ? (
              <line x1={x(index)} x2={x(index)} y1={y(Math.min(top, estimate.high))} y2={y(estimate.low)} />
            ) : null}
            <circle cx={x(index)} cy={y(estimate.value ?? 0)} r="3.5" />
          </g>
        ))}
      </g>
    </svg>
  );
};
