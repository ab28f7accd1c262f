// The policy over time: each figure run by run, where it changed, and what was different from then on.
import { counted, oneLine } from "../core/report/format.ts";
import { TREND_METRICS } from "../core/report/trend/metrics.ts";
import type { TrendChange, TrendGroup, TrendModel, TrendSeries } from "../core/report/trend/model.ts";
import { seriesTitle, trendSentence } from "../core/report/trend/words.ts";
import { DifferenceList } from "./differences.tsx";
import { LINKS } from "./links.ts";
import { Name, Pill, type PillTone } from "./pieces.tsx";
import { figureText, SeriesPlot } from "./plots.tsx";
import { whenText } from "./runs-page.tsx";
import { Document } from "./shell.tsx";

export interface TrendPageProps {
  readonly model: TrendModel;
  readonly isExport: boolean;
}

export const TrendPage = ({ model, isExport }: TrendPageProps) => (
  <Document title="Trend" at="trend" above={[]} isExport={isExport}>
    <div class="title">
      <h1>Trend</h1>
      <p class="meta">
        Of unchanged histories, at most {oneLine(String(model.alpha * 100))} % are said to have changed at a look (Holm over all figures of a group). At least{" "}
        {model.leastHistory} runs.
      </p>
    </div>
    {model.groups.length === 0 ? (
      <section class="card empty">
        <p>No finished runs yet.</p>
      </section>
    ) : (
      model.groups.map((group, index) => <Group group={group} isFirst={index === 0} />)
    )}
    {model.leftOut.length === 0 ? null : (
      <section class="card">
        <h2>Left out</h2>
        <ul class="links">
          {model.leftOut.map(({ run, why }) => (
            <li>
              <a href={LINKS.run(run)}>
                <Name text={run} />
              </a>
              : <Name text={why} />
            </li>
          ))}
        </ul>
      </section>
    )}
  </Document>
);

const VERDICT_TONES: Readonly<Record<TrendGroup["verdict"], PillTone>> = { drift: "bad", changed: "warn", steady: "good", "too-little-history": "plain" };

const Group = ({ group, isFirst }: { readonly group: TrendGroup; readonly isFirst: boolean }) => {
  const changed = group.series.filter(({ change }) => change?.isSignificant === true);
  const others = group.series.filter(({ change }) => change?.isSignificant !== true);
  const first = group.runs[0];
  const last = group.runs.at(-1);
  return (
    <section class="card group" id={`group-${group.key}`}>
      <h2>
        <Pill tone={VERDICT_TONES[group.verdict]}>{group.verdict}</Pill> {trendSentence(group)}
      </h2>
      <p class="meta">
        <Name text={group.of} /> · {counted(group.runs.length, "run")}
        {first && last ? `, ${whenText(first.createdAt)} to ${whenText(last.createdAt)}` : ""}
      </p>
      {changed.length === 0 ? null : (
        <div class="charts">
          {changed.map((series) => (
            <Chart series={series} />
          ))}
        </div>
      )}
      <details open={changed.length === 0 && isFirst}>
        <summary>
          {counted(others.length, "figure")} {changed.length > 0 ? "without a change that is more than chance" : "in all"}
        </summary>
        <div class="charts">
          {others.map((series) => (
            <Chart series={series} />
          ))}
        </div>
      </details>
    </section>
  );
};

const Chart = ({ series }: { readonly series: TrendSeries }) => {
  const { points, metric, change } = series;
  const { unit, says } = TREND_METRICS[metric];
  const last = points.at(-1);
  const changeAt = change?.isSignificant === true ? points.findIndex(({ run }) => run === change.run) : -1;
  const now = last?.estimate.value ?? null;
  const title = seriesTitle(series);
  return (
    <figure class="chart" data-row>
      <figcaption>
        <b>
          <Name text={title} />
        </b>{" "}
        {now === null ? "" : figureText[unit](now)}
        <span class="sub">{says}</span>
      </figcaption>
      <SeriesPlot
        points={points.map(({ createdAt, estimate }) => ({ label: createdAt.slice(0, 10), estimate }))}
        unit={unit}
        changeAt={changeAt < 0 ? null : changeAt}
        label={`${oneLine(title)} over ${counted(points.length, "run")}${now === null ? "" : `, last ${figureText[unit](now)}`}`}
      />
      {change?.isSignificant === true ? <Change change={change} unit={unit} /> : null}
    </figure>
  );
};

const Change = ({ change, unit }: { readonly change: TrendChange; readonly unit: keyof typeof figureText }) => (
  <div class="changed">
    <p>
      <Pill tone={change.direction === "worse" ? "bad" : "good"}>{change.direction}</Pill> {figureText[unit](change.before)} → {figureText[unit](change.after)}{" "}
      since{" "}
      <a href={LINKS.run(change.run)}>
        <Name text={change.run} />
      </a>{" "}
      (p = {change.adjustedP.toPrecision(2)})
    </p>
    {change.differences.length === 0 ? (
      <p class="note">Nothing that a run records was different from then on.</p>
    ) : (
      <DifferenceList differences={change.differences} />
    )}
  </div>
);
