// A run under way: how far it is, what it has spent, which servers are out, and what happens. The script asks for its part again and again.
import { counted, oneLine } from "../core/report/format.ts";
import type { LiveBudget, LivePageModel } from "../core/report/runs/live.ts";
import { fixed } from "../core/text/figures.ts";
import { LINKS } from "./links.ts";
import { durationText, Name, Pill, type PillTone } from "./pieces.tsx";
import { Document } from "./shell.tsx";

export interface LivePageProps {
  readonly page: LivePageModel;
  readonly isExport: boolean;
}

export const LivePage = ({ page, isExport }: LivePageProps) => (
  <Document title={`Live: ${page.run}`} at={null} above={[{ text: "Runs", href: LINKS.runs }]} isExport={isExport}>
    <div class="title">
      <h1>
        <Name text={page.suite} />
      </h1>
      <p class="meta">
        <Name text={page.run} />
      </p>
    </div>
    <div id="live" data-live={isExport ? undefined : LINKS.live(page.run)} data-done={page.isSealed ? LINKS.run(page.run) : undefined}>
      <LivePart page={page} />
    </div>
  </Document>
);

/** What changes while the run goes on. */
export const LivePart = ({ page }: { readonly page: LivePageModel }) => {
  const share = page.total === 0 ? 1 : page.done / page.total;
  return (
    <>
      <p class="headline" role="status">
        {page.isSealed ? "Finished and sealed: " : ""}
        {page.done} of {counted(page.total, "trial")}
        {page.isSealed || page.leftMs === null ? "" : `, about ${durationText(page.leftMs)} left`}
        {page.isSealed ? (
          <>
            {" "}
            <a href={LINKS.run(page.run)}>Look at the run</a>
          </>
        ) : null}
      </p>
      <Meter share={share} label={`${page.done} of ${page.total} trials are done`} tone="good" />
      <div class="two">
        <section class="card" aria-labelledby="candidates">
          <h2 id="candidates">Candidates</h2>
          <div class="scroll" tabindex={0} role="region" aria-label="Candidates">
            <table>
              <thead>
                <tr>
                  <th scope="col">Candidate</th>
                  <th scope="col" class="n">
                    Done
                  </th>
                  <th scope="col" class="n">
                    In slot
                  </th>
                  <th scope="col" class="n">
                    Escalated
                  </th>
                  <th scope="col" class="n">
                    Unsolved
                  </th>
                </tr>
              </thead>
              <tbody>
                {page.candidates.map(({ candidate, done, planned, inSlot, escalated, unsolved }) => (
                  <tr>
                    <th scope="row">
                      <Name text={candidate} />
                    </th>
                    <td class="n">
                      {done}/{planned}
                    </td>
                    <td class="n">{inSlot}</td>
                    <td class="n">{escalated}</td>
                    <td class="n">{unsolved}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="note">
            {counted(page.underWay.length, "trial")} under way; {page.planted} calibration {page.planted === 1 ? "patch" : "patches"};{" "}
            {counted(page.calls.total, "call")}, {page.calls.failed} failed, {page.calls.retries} tried again.
          </p>
        </section>
        <section class="card" aria-labelledby="budgets">
          <h2 id="budgets">Budgets and servers</h2>
          {page.budgets.map((budget) => (
            <Budget budget={budget} />
          ))}
          <Breakers breakers={page.breakers} />
        </section>
      </div>
      <Workers workers={page.workers} />
      <section class="card" aria-labelledby="feed">
        <h2 id="feed">What happens</h2>
        <ol class="feed" reversed>
          {page.events.map(({ seq, trial, timestamp, type, account, tone }) => (
            <li class={tone}>
              <time>{timestamp.slice(11, 19)}</time> <b>{type}</b> <Name text={`${trial ?? "run"}#${seq}`} />
              <span class="sub">{oneLine(account)}</span>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
};

const Workers = ({ workers }: { readonly workers: LivePageModel["workers"] }) =>
  workers.length === 0 ? null : (
    <section class="card" aria-labelledby="workers">
      <h2 id="workers">Workers</h2>
      <div class="scroll" tabindex={0} role="region" aria-label="Workers">
        <table>
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col">Does</th>
              <th scope="col" class="n">
                Calls
              </th>
              <th scope="col" class="n">
                Verdicts
              </th>
              <th scope="col">Last recorded</th>
            </tr>
          </thead>
          <tbody>
            {workers.map(({ name, does, calls, verdicts, lastAt }) => (
              <tr>
                <th scope="row">
                  <Name text={name} />
                </th>
                <td>{does}</td>
                <td class="n">{calls}</td>
                <td class="n">{verdicts}</td>
                <td>{lastAt === null ? "nothing yet" : <time>{lastAt.slice(11, 19)}</time>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );

const Meter = ({ share, label, tone }: { readonly share: number; readonly label: string; readonly tone: "good" | "warn" | "bad" }) => (
  <svg class={`meter ${tone}`} viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label={label}>
    <rect class="track" width="1000" height="10" rx="5" />
    <rect class="fill" width={fixed(Math.min(1, share) * 1000, 0)} height="10" rx="5" />
  </svg>
);

const Budget = ({ budget: { name, spent, limit, unknownCalls } }: { readonly budget: LiveBudget }) => {
  const used = name === "tokens" ? String(spent) : fixed(spent, 4);
  const share = limit === null || limit === 0 ? null : spent / limit;
  return (
    <div class="budget">
      <p>
        {used} {limit === null ? "" : `of ${limit} `}
        {name}
        {unknownCalls > 0 ? `; ${counted(unknownCalls, "call")} did not say` : ""}
      </p>
      {share === null ? null : (
        <Meter share={share} label={`${fixed(share * 100, 0)} % of the budget of ${name}`} tone={share >= 1 ? "bad" : share >= 0.8 ? "warn" : "good"} />
      )}
    </div>
  );
};

const BREAKER_TONES: Readonly<Record<LivePageModel["breakers"][number]["state"], PillTone>> = { Closed: "good", HalfOpen: "warn", Open: "bad" };

const Breakers = ({ breakers }: { readonly breakers: LivePageModel["breakers"] }) =>
  breakers.length === 0 ? (
    <p class="note">No breaker has opened.</p>
  ) : (
    <ul class="links">
      {breakers.map(({ server, state, reason }) => (
        <li>
          <Pill tone={BREAKER_TONES[state]}>{state}</Pill> <Name text={server} />
          <span class="sub">{oneLine(reason)}</span>
        </li>
      ))}
    </ul>
  );
