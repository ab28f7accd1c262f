// One run: what it comes to, rates with intervals, pass against latency, and every task by every candidate.
import { counted, oneLine } from "../core/report/format.ts";
import type { RateRow, RunPageModel } from "../core/report/runs/page.ts";
import { usdText } from "../core/text/figures.ts";
import { LINKS } from "./links.ts";
import { CommandText, msText, Name, Notices, Rate } from "./pieces.tsx";
import { Scatter } from "./plots.tsx";
import { RunGrid } from "./run-grid.tsx";
import { type RunsRow, StatePills, whenText } from "./runs-page.tsx";
import { Document } from "./shell.tsx";

export interface RunPageProps {
  readonly page: RunPageModel;
  readonly row: RunsRow;
  /** The runs that it is made of, of several as one. */
  readonly members: readonly string[];
  readonly isExport: boolean;
  /** Pairs of candidates that have a page beside each other. */
  readonly pairs: readonly { readonly text: string; readonly href: string }[];
  /** The trial most worth a look; null where none stands out. */
  readonly next: { readonly text: string; readonly href: string } | null;
  readonly showCommand: string;
}

export const RunPage = ({ page, row, members, isExport, pairs, next, showCommand }: RunPageProps) => {
  const isSet = members.length > 0;
  return (
    <Document title={`Run ${page.run}`} at={null} above={[{ text: "Runs", href: LINKS.runs }]} isExport={isExport}>
      <div class="title">
        <h1>
          <Name text={page.title} />
        </h1>
        <p class="meta">
          <Name text={page.run} /> · {whenText(page.createdAt)} · <StatePills row={row} />
        </p>
      </div>
      <p class="headline">{oneLine(page.headline)}</p>
      <Notices notices={page.notices} />
      <div class="two">
        <section class="card" aria-labelledby="rates">
          <h2 id="rates">Pass in slot, {counted(Math.max(0, ...page.rates.map(({ pass }) => pass.n)), "low-risk task")}</h2>
          <RateTable rates={page.rates} />
        </section>
        <section class="card" aria-labelledby="scatter">
          <h2 id="scatter">Pass against time</h2>
          <Scatter points={page.rates.map(({ candidate, pass, attemptP50 }) => ({ name: candidate, pass, attemptP50 }))} />
        </section>
      </div>
      <section class="card" aria-labelledby="grid">
        <div class="head">
          <h2 id="grid">Every task by every candidate</h2>
          {next ? (
            <a class="button" href={next.href} data-next>
              Look first at <Name text={next.text} />
            </a>
          ) : null}
        </div>
        <RunGrid page={page} isExport={isExport} />
      </section>
      <section class="card more" aria-labelledby="more">
        <h2 id="more">More of this run</h2>
        <dl class="facts">
          {page.facts.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>
                <Name text={value} />
              </dd>
            </>
          ))}
        </dl>
        {isSet ? (
          <ul class="links">
            {members.map((run) => (
              <li>
                <a href={LINKS.run(run)}>
                  <Name text={run} />
                </a>
              </li>
            ))}
          </ul>
        ) : (
          <p>
            <a href={LINKS.audit(page.run)}>What replay proves of it</a>
          </p>
        )}
        <h3>Side by side</h3>
        {isExport || isSet ? null : (
          <p>
            <a class="button" href={LINKS.beside(page.run)}>
              Compare with any run, candidate or policy
            </a>
          </p>
        )}
        {pairs.length === 0 ? null : (
          <ul class="links">
            {pairs.map(({ text, href }) => (
              <li>
                <a href={href}>
                  <Name text={text} />
                </a>
              </li>
            ))}
          </ul>
        )}
        <p>
          On a terminal: <CommandText text={showCommand} />
        </p>
      </section>
    </Document>
  );
};

const RateTable = ({ rates }: { readonly rates: readonly RateRow[] }) => (
  <div class="scroll" tabindex={0} role="region" aria-label="Rates">
    <table class="ratetable stack">
      <thead>
        <tr>
          <th scope="col">Candidate</th>
          <th scope="col">Pass in slot</th>
          <th scope="col" class="n">
            Attempt
          </th>
          <th scope="col" class="n">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {rates.map(({ candidate, isControl, pass, passAt1, final, attemptP50, attemptP95, costUsd }) => (
          <tr class={isControl ? "control" : undefined}>
            <th scope="row">
              <Name text={candidate} />
              {isControl ? <span class="sub">control</span> : null}
            </th>
            <td>
              <Rate estimate={pass} />
              <span class="sub">
                first attempt {shortRate(passAt1.value)}, after escalation {shortRate(final.value)}
              </span>
            </td>
            <td class="n" data-label="Attempt">
              {msText(attemptP50)}
              <span class="sub">p95 {msText(attemptP95)}</span>
            </td>
            <td class="n" data-label="Cost">
              {costUsd === null ? <abbr title="the price of a call is unknown">?</abbr> : usdText(costUsd)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const shortRate = (share: number | null): string => (share === null ? "–" : `${Math.round(share * 100)} %`);
