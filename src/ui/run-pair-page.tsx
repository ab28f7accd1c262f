// Two runs side by side: the candidates that both have, and any candidate of one beside any of the other.
import { counted, oneLine } from "../core/report/format.ts";
import { signedPoints } from "../core/report/runs/pairs.ts";
import type { RunPairCell, RunPairModel, SharedCandidate } from "../core/report/runs/run-pair.ts";
import type { Estimate } from "../core/metrics/statistics/interval.ts";
import { fixed } from "../core/text/figures.ts";
import { Differences } from "./differences.tsx";
import { LINKS } from "./links.ts";
import { Name, Rate } from "./pieces.tsx";
import { Document } from "./shell.tsx";

export interface RunPairPageProps {
  readonly page: RunPairModel;
  readonly isExport: boolean;
}

export const RunPairPage = ({ page, isExport }: RunPairPageProps) => {
  const { a, b, headline, shared, cells, differences } = page;
  return (
    <Document
      title={`${a} and ${b}`}
      at={null}
      above={[
        { text: "Runs", href: LINKS.runs },
        { text: b, href: LINKS.run(b) },
        { text: a, href: LINKS.run(a) },
      ]}
      isExport={isExport}
    >
      <div class="title">
        <h1>
          <Name text={a} /> <span class="by">beside</span> <Name text={b} />
        </h1>
      </div>
      <p class="headline">{oneLine(headline)}</p>
      {shared.length === 0 ? null : <Shared page={page} />}
      <Differences differences={differences} title={`Not the same: ${b} → ${a}`} />
      {cells.length === 0 ? null : <Matrix page={page} />}
    </Document>
  );
};

const Shared = ({ page: { a, b, shared } }: { readonly page: RunPairModel }) => (
  <section class="card" aria-labelledby="shared">
    <h2 id="shared">Pass in slot, the candidates of both</h2>
    <div class="scroll" tabindex={0} role="region" aria-label="Candidates of both runs">
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">Candidate</th>
            <th scope="col">
              <Name text={a} />
            </th>
            <th scope="col">
              <Name text={b} />
            </th>
            <th scope="col">Difference in points</th>
          </tr>
        </thead>
        <tbody>
          {shared.map((candidate) => (
            <SharedRow candidate={candidate} a={a} b={b} />
          ))}
        </tbody>
      </table>
    </div>
    <p class="note">Over the tasks that both tried; those of one family may pass and fail together.</p>
  </section>
);

const SharedRow = ({ candidate, a, b }: { readonly candidate: SharedCandidate; readonly a: string; readonly b: string }) => (
  <tr data-row>
    <th scope="row">
      <Name text={candidate.name} />
    </th>
    <td data-label={a}>
      <Rate estimate={candidate.passA} />
    </td>
    <td data-label={b}>
      <Rate estimate={candidate.passB} />
    </td>
    <td data-label="Difference">
      <CellLink cell={candidate} a={a} b={b} of={candidate.name} />
      <span class="sub">
        {counted(candidate.tasks, "task")}, {counted(candidate.families, "family", "families")}
      </span>
    </td>
  </tr>
);

const Matrix = ({ page: { a, b, candidatesA, candidatesB, cells } }: { readonly page: RunPairModel }) => (
  <section class="card" aria-labelledby="matrix">
    <h2 id="matrix">Any two candidates</h2>
    <p class="note">
      Rows: <Name text={a} />. Columns: <Name text={b} />. Points of the row less those of the column.
    </p>
    <div class="scroll" tabindex={0} role="region" aria-label="Any two candidates, by their difference">
      <table class="cells">
        <thead>
          <tr>
            <td></td>
            {candidatesB.map((name) => (
              <th scope="col">
                <Name text={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((row, index) => (
            <tr data-row>
              <th scope="row">
                <Name text={candidatesA[index] ?? ""} />
              </th>
              {row.map((cell) => (
                <td>
                  <CellLink cell={cell} a={a} b={b} of={`${candidatesA[cell.a] ?? ""} beside ${candidatesB[cell.b] ?? ""}`} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

const CellLink = ({ cell, a, b, of }: { readonly cell: RunPairCell; readonly a: string; readonly b: string; readonly of: string }) => {
  const { difference } = cell;
  if (difference.value === null) return <span>–</span>;
  const text = pointsText(difference);
  return (
    <a class={toneOf(difference)} href={LINKS.compare({ run: a, candidate: cell.a }, { run: b, candidate: cell.b })} aria-label={`${text}: ${oneLine(of)}`}>
      {text}
    </a>
  );
};

function toneOf({ low, high }: Estimate): string | undefined {
  if ((low ?? -1) > 0) return "better";
  return (high ?? 1) < 0 ? "worse" : undefined;
}

const pointsText = ({ value, low, high }: Estimate): string =>
  `${(value ?? 0) > 0 ? "+" : ""}${fixed((value ?? 0) * 100, 1)} [${signedPoints(low ?? -1)} to ${signedPoints(high ?? 1)}]`;
