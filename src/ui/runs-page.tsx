// All runs of a home, newest first.
import { counted, oneLine } from "../core/report/format.ts";
import type { RunListing } from "../core/report/runs/listing.ts";
import { LINKS } from "./links.ts";
import { Name, Pill, type PillTone, Rate } from "./pieces.tsx";
import { Document } from "./shell.tsx";

export interface RunsRow {
  readonly run: string;
  readonly state: "set" | "sealed" | "unfinished" | "running" | "damaged" | "unread";
  readonly isSigned: boolean;
  readonly faults: number | null;
  readonly listing: RunListing | null;
}

export interface RunsPageProps {
  readonly folder: string;
  readonly rows: readonly RunsRow[];
  readonly isExport: boolean;
  /** How a run is made here. */
  readonly runCalledAs: string;
}

export const RunsPage = ({ folder, rows, isExport, runCalledAs }: RunsPageProps) => {
  const unread = rows.filter(({ state }) => state === "unread").length;
  return (
    <Document title="Runs" at="runs" above={[]} isExport={isExport}>
      <div class="title">
        <h1>Runs</h1>
        <p class="meta">
          {counted(rows.filter(({ state }) => state !== "set").length, "capsule")} in <code>{oneLine(folder)}</code>
        </p>
      </div>
      {unread > 0 ? (
        <p class="note" data-refresh="2000" role="status">
          {counted(unread, "capsule")} still to be read: this page shows them as they are.
        </p>
      ) : null}
      {rows.length === 0 ? (
        <section class="card empty">
          <p>
            No capsules here yet. <code>{runCalledAs}</code> makes one.
          </p>
        </section>
      ) : (
        <section class="card">
          <label class="search">
            <span>Find</span>
            <input type="search" data-find="runs" placeholder="suite, policy, candidate, date" />
          </label>
          <div class="scroll" tabindex={0} role="region" aria-label="Runs">
            <table class="runs stack" id="runs">
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  <th scope="col">Suite and policy</th>
                  <th scope="col">Pass in slot, low-risk tasks</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Row row={row} />
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </Document>
  );
};

const Row = ({ row }: { readonly row: RunsRow }) => {
  const { run, listing, state } = row;
  return (
    <tr data-row>
      <th scope="row">
        <a href={state === "running" || state === "unfinished" ? LINKS.live(run) : LINKS.run(run)}>
          <Name text={run} />
        </a>
        {listing ? <span class="sub">{whenText(listing.createdAt)}</span> : null}
      </th>
      <td>
        {listing ? (
          <>
            <Name text={`${listing.suite.name} ${listing.suite.version}`} />
            <span class="sub">
              <Name text={listing.policy.id} />, {counted(listing.tasks, "task")}
              {listing.epochs > 1 ? ` × ${listing.epochs} epochs` : ""}
            </span>
          </>
        ) : null}
      </td>
      <td>{listing ? <Rates listing={listing} /> : null}</td>
      <td>
        <StatePills row={row} />
      </td>
    </tr>
  );
};

/** Candidates that a row names; the rest is on the run's page. */
const MOST_NAMED = 4;

const Rates = ({ listing: { candidates, headline } }: { readonly listing: RunListing }) => (
  <>
    <ul class="rates" title={headline}>
      {candidates.slice(0, MOST_NAMED).map(({ name, pass }) => (
        <li>
          <span class="who">
            <Name text={name} />
          </span>
          <Rate estimate={pass} />
        </li>
      ))}
    </ul>
    {candidates.length > MOST_NAMED ? <span class="sub">and {candidates.length - MOST_NAMED} more</span> : null}
  </>
);

const STATES: Readonly<Record<RunsRow["state"], readonly [PillTone, string]>> = {
  set: ["plain", "several as one"],
  sealed: ["good", "verified"],
  running: ["warn", "running"],
  unfinished: ["warn", "unfinished"],
  damaged: ["bad", "damaged"],
  unread: ["plain", "not read yet"],
};

export const StatePills = ({ row: { state, faults, isSigned, listing } }: { readonly row: RunsRow }) => {
  const [tone, text] = faults !== null && faults > 0 ? (["bad", `${counted(faults, "check")} fail`] as const) : STATES[state];
  return (
    <span class="pills">
      <Pill tone={tone}>{text}</Pill>
      {state === "sealed" ? <Pill tone="plain">{isSigned ? "signed" : "unsigned"}</Pill> : null}
      {listing && listing.standIns.length > 0 ? <Pill tone="warn">stand-ins</Pill> : null}
    </span>
  );
};

/** `2026-11-29 16:46 UTC`. */
export const whenText = (instant: string): string => `${instant.slice(0, 16).replace("T", " ")} UTC`;
