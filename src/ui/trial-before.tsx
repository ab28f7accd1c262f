// A trial beside the same trial of the run before: which event was the first that came out otherwise.
import { oneLine } from "../core/report/format.ts";
import type { TrialBefore } from "../core/report/trial/before.ts";
import { LINKS } from "./links.ts";

export const Before = ({ before: { run, difference }, number }: { readonly before: TrialBefore; readonly number: number }) => (
  <section class="before" id="before" aria-labelledby="before-title">
    <h2 id="before-title">
      Beside <a href={LINKS.trial(run, number)}>the run before</a>
    </h2>
    {difference === null ? (
      <p>Every event says the same, times and costs aside.</p>
    ) : (
      <>
        <p>
          The first that came out otherwise is <a href={`#event-${difference.seq}`}>event {difference.seq}</a> ({oneLine(difference.fields.join(", "))}).
        </p>
        <dl class="facts">
          <dt>here</dt>
          <dd>{oneLine(difference.here)}</dd>
          <dt>before</dt>
          <dd>{oneLine(difference.before)}</dd>
        </dl>
      </>
    )}
  </section>
);
