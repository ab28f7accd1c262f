// One trial: why it came out as it did at the top, then attempt below attempt.
import { oneLine } from "../core/report/format.ts";
import type { CallPage, PromptPage } from "../core/report/trial/call.ts";
import type { AttemptPage, Review, TrialCause, TrialPageModel } from "../core/report/trial/page.ts";
import type { TrialBefore } from "../core/report/trial/before.ts";
import type { PatchPage } from "../core/report/trial/patch.ts";
import type { VerdictFinding, VerdictPage } from "../core/report/trial/verdict.ts";
import { costText } from "../core/text/figures.ts";
import { LINKS } from "./links.ts";
import { CommandText, durationText, Name, Pill, type PillTone, ShownPart, shownLinesOf, TextBlock } from "./pieces.tsx";
import { Document } from "./shell.tsx";
import { TimingBar } from "./timing-bar.tsx";
import { Before } from "./trial-before.tsx";

export interface TrialPageProps {
  readonly page: TrialPageModel;
  readonly isExport: boolean;
  readonly runTitle: string;
  readonly next: { readonly text: string; readonly href: string } | null;
  readonly showCommand: string;
  /** Null where there is no run before it. */
  readonly before: TrialBefore | null;
}

export const TrialPage = ({ page, isExport, runTitle, next, showCommand, before }: TrialPageProps) => (
  <Document
    title={page.id}
    at={null}
    above={[
      { text: "Runs", href: LINKS.runs },
      { text: runTitle, href: LINKS.run(page.run) },
    ]}
    isExport={isExport}
  >
    <div class="title">
      <h1>
        <Name text={page.task.id} /> <span class="by">by</span> <Name text={page.candidate} />
      </h1>
      <p class="meta">
        {page.task.kind} task, {page.task.risk} risk, <Name text={page.task.area} />
        {page.task.error_codes.length > 0 ? ` · ${oneLine(page.task.error_codes.join(" "))}` : ""}
        {page.epochs > 1 ? ` · epoch ${page.epoch} of ${page.epochs}` : ""} · {costText(page.costUsd)}
      </p>
    </div>
    <p class="headline">
      {page.slotPassed === null ? null : <Pill tone={page.slotPassed ? "good" : "bad"}>{page.slotPassed ? "✓" : "✗"}</Pill>} {oneLine(page.outcome)}
    </p>
    {page.cause ? <Why cause={page.cause} /> : null}
    {before && before.number !== null ? <Before before={before} number={before.number} /> : null}
    <nav class="jump" aria-label="Attempts">
      {page.plan ? <a href="#plan">Plan</a> : null}
      {page.attempts.map(({ number, verdict }) => (
        <a href={`#attempt-${number}`}>
          Attempt {number} <Pill tone={verdict.status === "passed" ? "good" : "bad"}>{verdict.status}</Pill>
        </a>
      ))}
      <a href="#reviews">Critic and Judge</a>
      <a href="#events">Events</a>
      {next ? (
        <a class="button" href={next.href} data-next>
          Next: <Name text={next.text} />
        </a>
      ) : null}
    </nav>
    {page.plan ? (
      <section class="card" id="plan" data-row>
        <h2>The Architect's plan</h2>
        <Call call={page.plan} what="plan" />
      </section>
    ) : null}
    {page.attempts.map((attempt) => (
      <Attempt attempt={attempt} isCause={page.cause?.attempt === attempt.number} />
    ))}
    <section class="card" id="reviews" data-row>
      <h2>Critic and Judge</h2>
      <ReviewPart title="Critic" review={page.critic} />
      <ReviewPart title="Judge" review={page.judge} />
      <ReviewPart title="Unlock" review={page.unlock} />
    </section>
    <Events page={page} />
    <p class="note">
      On a terminal: <CommandText text={showCommand} />
    </p>
  </Document>
);

const Why = ({ cause }: { readonly cause: TrialCause }) => (
  <section class="why" aria-labelledby="why">
    <h2 id="why">
      Why: <Name text={cause.title} />
    </h2>
    <p class="place">
      {cause.place === null ? null : (
        <>
          at <code>{oneLine(cause.place)}</code>,{" "}
        </>
      )}
      in <a href={`#attempt-${cause.attempt}`}>attempt {cause.attempt}</a>
    </p>
    {cause.lines.length > 0 ? <TextBlock text={cause.lines.join("\n")} label="What the compiler or the test said" /> : null}
  </section>
);

const KINDS: Readonly<Record<AttemptPage["kind"], string>> = {
  slot: "the candidate's own",
  cloud: "after escalation",
  shadow: "shadow: nothing goes by it",
};

const Attempt = ({ attempt, isCause }: { readonly attempt: AttemptPage; readonly isCause: boolean }) => {
  const { number, kind, call, patch, verdict, timings } = attempt;
  return (
    <section class={`card attempt ${verdict.status === "passed" ? "good" : "bad"}`} id={`attempt-${number}`} data-row>
      <h2>
        Attempt {number} <Pill tone={verdict.status === "passed" ? "good" : "bad"}>{verdict.status}</Pill> <small>{KINDS[kind]}</small>
      </h2>
      <Call call={call} what={`attempt ${number}`} />
      <h3>Patch</h3>
      <Patch patch={patch} what={`attempt ${number}`} />
      <h3>Verdict</h3>
      <Verdict verdict={verdict} isCause={isCause} what={`attempt ${number}`} />
      <h3>Time</h3>
      <TimingBar parts={timings} />
    </section>
  );
};

const Call = ({ call, what }: { readonly call: CallPage; readonly what: string }) => (
  <>
    <p class="meta">
      <Name text={call.servedBy} /> (<Name text={`${call.provider}, ${call.resolvedModel}`} />) ·{" "}
      {call.latencyMs === null ? "an earlier answer" : durationText(call.latencyMs)} · {tokensText(call)} · {costText(call.costUsd)}
      {call.outsidePolicy ? " · outside the policy" : ""}
    </p>
    <p class="reason">
      <code>{call.reason}</code> {oneLine(call.why)}
    </p>
    {call.failedTries.map(({ number, error, ms }) => (
      <p class="failed">
        try {number} failed after {durationText(ms)}: {oneLine(error)}
      </p>
    ))}
    <Prompt prompt={call.prompt} what={what} />
    <details>
      <summary>Answer{call.answerNote === null ? "" : `: ${oneLine(call.answerNote)}`}</summary>
      <ShownPart shown={call.answer} label={`Answer of ${what}`} />
    </details>
  </>
);

const tokensText = ({ tokens: { prompt, response, cached } }: CallPage): string =>
  prompt === null ? "tokens unknown" : `${prompt} + ${response ?? "?"} tokens${cached ? `, ${cached} cached` : ""}`;

const Prompt = ({ prompt, what }: { readonly prompt: PromptPage; readonly what: string }) => {
  if ("missing" in prompt) return <p class="missing">Prompt: {oneLine(prompt.missing)}</p>;
  const fresh = prompt.messages.filter(({ isNew }) => isNew).length;
  const same = prompt.messages.length - fresh;
  return (
    <details>
      <summary>
        Prompt: {prompt.messages.length} messages{same === 0 ? "" : `, ${fresh} new since the last attempt`}
      </summary>
      {prompt.messages.map(({ role, text, isNew }, index) => (
        <details class={isNew ? "message new" : "message"} open={isNew}>
          <summary>
            {role} {isNew ? <Pill tone="plain">new</Pill> : "as before"}
          </summary>
          <TextBlock text={text} label={`Message ${index + 1} (${role}) of ${what}`} />
        </details>
      ))}
    </details>
  );
};

const Patch = ({ patch: { refused, files }, what }: { readonly patch: PatchPage; readonly what: string }) => (
  <>
    {refused === null ? null : <p class="failed">Not applied: {oneLine(refused)}</p>}
    {refused === null && files.length === 0 ? <p class="missing">It changes nothing.</p> : null}
    {files.map(({ path, how, diff, note }) => (
      <figure class="file">
        <figcaption>
          {how} <code>{oneLine(path)}</code>
          {note === null ? null : <span class="sub">{note}</span>}
        </figcaption>
        {"missing" in diff ? <p class="missing">{oneLine(diff.missing)}</p> : <Diff text={diff.text} label={`Diff of ${path} in ${what}`} />}
      </figure>
    ))}
  </>
);

const LINE_CLASS: Readonly<Record<string, string>> = { "+": "add", "-": "del", "@": "hunk" };
const SPOKEN: Readonly<Record<string, string>> = { "+": "added", "-": "removed" };

const Diff = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre class="diff" tabindex={0} role="region" aria-label={oneLine(label)}>
    {shownLinesOf(text).map((line) => {
      const sign = line[0] ?? "";
      return (
        <span class={LINE_CLASS[sign] ?? "same"} title={SPOKEN[sign]}>
          {line === "" ? " " : line}
          {"\n"}
        </span>
      );
    })}
  </pre>
);

const Verdict = ({ verdict, isCause, what }: { readonly verdict: VerdictPage; readonly isCause: boolean; readonly what: string }) => {
  const { status, detail, counts, findings, missing } = verdict;
  const tests = counts.passed + counts.failed === 0 ? "" : `${counts.passed} tests passed, ${counts.failed} failed`;
  const held = counts.heldOutFailed > 0 ? ` (${counts.heldOutFailed} of them held out)` : "";
  return (
    <>
      <p>
        {oneLine(detail === "" ? status : detail)}
        {tests === "" ? "" : `; ${tests}${held}`}
      </p>
      {missing === null ? null : <p class="missing">{oneLine(missing)}</p>}
      {findings.map((finding, index) => (
        <FindingPart finding={finding} open={isCause && index === 0} what={`finding ${index + 1} of ${what}`} />
      ))}
    </>
  );
};

const FINDING_TONES: Readonly<Record<VerdictFinding["kind"], PillTone>> = {
  error: "bad",
  warning: "warn",
  test: "bad",
  "held-out test": "bad",
  tampering: "bad",
  value: "bad",
  note: "plain",
};

const FindingPart = ({ finding, open, what }: { readonly finding: VerdictFinding; readonly open: boolean; readonly what: string }) => {
  const { kind, title, place, output } = finding;
  const head = (
    <>
      <Pill tone={FINDING_TONES[kind]}>{kind}</Pill> <Name text={title} />
      {place === null ? null : <code class="at">{oneLine(place)}</code>}
    </>
  );
  if (output === "") return <p class="finding">{head}</p>;
  return (
    <details class="finding" open={open}>
      <summary>{head}</summary>
      <TextBlock text={output} label={`Output of ${what}: ${title}`.slice(0, 200)} />
    </details>
  );
};

const ReviewPart = ({ title, review }: { readonly title: string; readonly review: Review | null }) => {
  if (review === null) return <p class="missing">{title}: was not asked.</p>;
  return (
    <div class="review">
      <h3>
        {title}: <Name text={review.says} />
      </h3>
      {review.reason === "" ? null : <p>{oneLine(review.reason)}</p>}
      {review.call ? <Call call={review.call} what={title} /> : null}
    </div>
  );
};

const Events = ({ page }: { readonly page: TrialPageModel }) => (
  <section class="card" id="events" data-row>
    <h2>Events</h2>
    <div class="scroll" tabindex={0} role="region" aria-label="Events">
      <table class="events">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
            <th scope="col">What it says</th>
          </tr>
        </thead>
        <tbody>
          {page.events.map(({ seq, timestamp, type, account, tone, uri }) => (
            <tr id={`event-${seq}`} class={tone}>
              <td class="n">{seq}</td>
              <td>{timestamp.slice(11, 23)}</td>
              <td>{type}</td>
              <td title={oneLine(uri)}>{oneLine(account)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);
