// What a run can be held against: its own candidates, any other run, and other policies.
import { oneLine } from "../core/report/format.ts";
import type { RunListing } from "../core/report/runs/listing.ts";
import { LINKS } from "./links.ts";
import { Name } from "./pieces.tsx";
import { whenText } from "./runs-page.tsx";
import { Document } from "./shell.tsx";

export interface BesideLink {
  readonly text: string;
  readonly href: string;
  readonly sub: string;
}

export interface BesidePageProps {
  readonly run: string;
  readonly pairs: readonly BesideLink[];
  /** Newest first. */
  readonly runs: readonly RunListing[];
  readonly policies: readonly BesideLink[];
  readonly isExport: boolean;
}

export const BesidePage = ({ run, pairs, runs, policies, isExport }: BesidePageProps) => (
  <Document
    title={`Compare ${run}`}
    at={null}
    above={[
      { text: "Runs", href: LINKS.runs },
      { text: run, href: LINKS.run(run) },
    ]}
    isExport={isExport}
  >
    <div class="title">
      <h1>Compare</h1>
      <p class="meta">
        <Name text={run} /> beside …
      </p>
    </div>
    <section class="card" aria-labelledby="policies">
      <h2 id="policies">Another policy</h2>
      <Links links={policies} />
    </section>
    <section class="card" aria-labelledby="others">
      <h2 id="others">Another run</h2>
      {runs.length === 0 ? <p>There is no other run that was read.</p> : <Others run={run} runs={runs} />}
    </section>
    {pairs.length === 0 ? null : (
      <section class="card" aria-labelledby="own">
        <h2 id="own">Two of its candidates</h2>
        <Links links={pairs} />
      </section>
    )}
  </Document>
);

const Links = ({ links }: { readonly links: readonly BesideLink[] }) => (
  <ul class="links">
    {links.map(({ text, href, sub }) => (
      <li data-row>
        <a href={href}>
          <Name text={text} />
        </a>
        {sub === "" ? null : <span class="sub">{oneLine(sub)}</span>}
      </li>
    ))}
  </ul>
);

const Others = ({ run, runs }: { readonly run: string; readonly runs: readonly RunListing[] }) => (
  <>
    <label class="search">
      <span>Find</span>
      <input type="search" data-find="others-table" placeholder="suite, policy, date" />
    </label>
    <div class="scroll" tabindex={0} role="region" aria-label="Other runs">
      <table class="stack" id="others-table">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Suite</th>
            <th scope="col">Policy</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((other) => (
            <tr data-row>
              <th scope="row">
                <a href={LINKS.compareRuns(run, other.run)}>
                  <Name text={other.run} />
                </a>
                <span class="sub">{whenText(other.createdAt)}</span>
              </th>
              <td>
                <Name text={`${other.suite.name} ${other.suite.version}`} />
              </td>
              <td>
                <Name text={other.policy.id} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
);
