// A run under another policy: which decisions change, and how its trials would have ended, as far as the record tells.
import { millisecondsText, oneLine } from "../core/report/format.ts";
import type { OtherPolicyModel } from "../core/report/runs/other-policy.ts";
import { usdText } from "../core/text/figures.ts";
import { EndingTable } from "./ending-table.tsx";
import { LINKS } from "./links.ts";
import { CommandText, Name, Pill, Rate } from "./pieces.tsx";
import { Document } from "./shell.tsx";

export interface OtherPolicyPageProps {
  readonly page: OtherPolicyModel;
  /** Where the other policy is from, in words. */
  readonly from: string;
  /** The same on a terminal; null where the other policy is in no file. */
  readonly command: string | null;
  readonly isExport: boolean;
}

export const OtherPolicyPage = ({ page, from, command, isExport }: OtherPolicyPageProps) => (
  <Document
    title={`${page.run} under ${page.other.id}`}
    at={null}
    above={[
      { text: "Runs", href: LINKS.runs },
      { text: page.run, href: LINKS.run(page.run) },
    ]}
    isExport={isExport}
  >
    <div class="title">
      <h1>
        <Name text={page.recorded.id} /> <span class="by">and</span> <Name text={page.other.id} />
      </h1>
      <p class="meta">
        <Name text={page.run} /> under <Name text={from} />
      </p>
    </div>
    <p class="headline">{oneLine(page.headline)}</p>
    <p class="note">No model was called: where the record lacks what the other policy would have asked for, the end is unknown.</p>
    <Candidates page={page} />
    <Counts title="What would be decided otherwise, first in a trial" counts={page.changes.map(({ change, trials }) => [change, trials])} />
    <Counts title="What the record does not hold" counts={page.unknowns.map(({ what, trials }) => [what, trials])} />
    <PolicyChanges changes={page.policyChanges} />
    <Endings page={page} />
    {command === null ? null : (
      <p class="note">
        On a terminal: <CommandText text={command} />
      </p>
    )}
  </Document>
);

const Candidates = ({ page: { candidates } }: { readonly page: OtherPolicyModel }) => (
  <section class="card" aria-labelledby="under">
    <h2 id="under">Passed, whoever made the patch</h2>
    <div class="scroll" tabindex={0} role="region" aria-label="Candidates under both policies">
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">Candidate</th>
            <th scope="col">Policy</th>
            <th scope="col">Passed</th>
            <th scope="col" class="n">
              Median, ms
            </th>
            <th scope="col" class="n">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {candidates.map(({ candidate, changed, trials, unknown, recorded, other, laterText }) => (
            <>
              <tr data-row>
                <th scope="rowgroup" rowspan={2}>
                  <Name text={candidate} />
                  <span class="sub">
                    {changed} of {trials} changed, {unknown} unknown
                  </span>
                </th>
                <td>recorded</td>
                <td>
                  <Rate estimate={recorded.pass} />
                </td>
                <td class="n" data-label="Median, ms">
                  {millisecondsText(recorded.latencyP50)}
                </td>
                <td class="n" data-label="Cost">
                  {usdText(recorded.costUsd)}
                </td>
              </tr>
              <tr>
                <td>other</td>
                <td>
                  <Rate estimate={other.pass} />
                  <span class="sub">a later run: {laterText}</span>
                </td>
                <td class="n" data-label="Median, ms">
                  {millisecondsText(other.latencyP50)}
                </td>
                <td class="n" data-label="Cost">
                  {usdText(other.costUsd)}
                </td>
              </tr>
            </>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

const Counts = ({ title, counts }: { readonly title: string; readonly counts: readonly (readonly [what: string, trials: number])[] }) =>
  counts.length === 0 ? null : (
    <section class="card">
      <h2>{title}</h2>
      <ul class="links">
        {counts.map(([what, trials]) => (
          <li>
            <Pill tone="plain">{trials}</Pill> <Name text={what} />
          </li>
        ))}
      </ul>
    </section>
  );

const PolicyChanges = ({ changes }: { readonly changes: OtherPolicyModel["policyChanges"] }) => (
  <section class="card" aria-labelledby="policies">
    <h2 id="policies">Where the policies differ</h2>
    {changes === null ? <p class="missing">The recorded policy can't be read from this capsule.</p> : null}
    {changes?.length === 0 ? <p>Nowhere: version and date are no content.</p> : null}
    <dl class="facts">
      {(changes ?? []).map(({ key, change, effect }) => (
        <>
          <dt>
            <Name text={key} />
          </dt>
          <dd>
            <Name text={change} /> <Pill tone={effect === "loosens" ? "warn" : "plain"}>{effect}</Pill>
          </dd>
        </>
      ))}
    </dl>
  </section>
);

const Endings = ({ page: { run, endings, openEndings, moreEndings } }: { readonly page: OtherPolicyModel }) => (
  <>
    {endings.length === 0 ? null : (
      <section class="card" aria-labelledby="endings">
        <h2 id="endings">
          Trials that end otherwise <Pill tone="warn">{endings.length}</Pill>
        </h2>
        <EndingTable endings={endings} run={run} label="Trials that end otherwise" />
      </section>
    )}
    {openEndings.length === 0 ? null : (
      <section class="card">
        <details>
          <summary>
            Trials of which the record does not tell the end <Pill tone="plain">{openEndings.length + moreEndings}</Pill>
          </summary>
          <EndingTable endings={openEndings} run={run} label="Trials of which the end is open" />
          {moreEndings > 0 ? <p class="note">… and {moreEndings} more</p> : null}
        </details>
      </section>
    )}
  </>
);
