// What replay proves of a run, level by level; each thing that came out otherwise leads to its event.
import { oneLine } from "../core/report/format.ts";
import type { AuditModel } from "../core/report/audit/model.ts";
import { LINKS } from "./links.ts";
import { CommandText, Name, Pill, type PillTone } from "./pieces.tsx";
import { Document } from "./shell.tsx";

export interface AuditPageProps {
  readonly model: Pick<AuditModel, "run" | "outcome" | "levels" | "findings" | "findingCount" | "gaps" | "signature" | "capsule">;
  readonly isExport: boolean;
  /** The number of a trial in the plan; null for one that was not planned. */
  readonly numberOf: (trial: string) => number | null;
  readonly command: string;
}

const OUTCOMES: Readonly<Record<AuditModel["outcome"], readonly [PillTone, string]>> = {
  proven: ["good", "Everything that was asked for is proven."],
  partly: ["warn", "What could be checked agrees; the rest is a gap."],
  diverged: ["bad", "Replay came out otherwise than the record."],
  "not-intact": ["bad", "The capsule is not as it was sealed."],
};

const STATUSES: Readonly<Record<AuditModel["levels"][number]["status"], PillTone>> = {
  proven: "good",
  partly: "warn",
  diverged: "bad",
  "not-checked": "plain",
  "not-reconstructable": "plain",
};

export const AuditPage = ({ model, isExport, numberOf, command }: AuditPageProps) => {
  const [tone, says] = OUTCOMES[model.outcome];
  return (
    <Document
      title={`Audit of ${model.run.id}`}
      at={null}
      above={[
        { text: "Runs", href: LINKS.runs },
        { text: model.run.id, href: LINKS.run(model.run.id) },
      ]}
      isExport={isExport}
    >
      <div class="title">
        <h1>Audit</h1>
        <p class="meta">
          <Name text={model.run.id} /> · {model.capsule.events} events · {oneLine(model.signature.detail)}
        </p>
      </div>
      <p class="headline">
        <Pill tone={tone}>{model.outcome}</Pill> {says}
      </p>
      <section class="card" aria-labelledby="levels">
        <h2 id="levels">Levels</h2>
        <ol class="levels" start={0}>
          {model.levels.map(({ name, sentence, status, counts, notes }) => (
            <li data-row>
              <h3>
                {name} <Pill tone={STATUSES[status]}>{status}</Pill>
              </h3>
              <p>{oneLine(sentence)}</p>
              {counts.length === 0 ? null : (
                <p class="note">
                  {counts
                    .map(({ what, checked, agreed, gaps }) => `${what}: ${agreed} of ${checked} agree${gaps > 0 ? `, ${gaps} can't be checked` : ""}`)
                    .join("; ")}
                </p>
              )}
              {notes.map((note) => (
                <p class="note">{oneLine(note)}</p>
              ))}
            </li>
          ))}
        </ol>
      </section>
      {model.findings.length === 0 ? null : (
        <section class="card" aria-labelledby="findings">
          <h2 id="findings">
            What came out otherwise <Pill tone="bad">{model.findingCount}</Pill>
          </h2>
          <ul class="links">
            {model.findings.map(({ level, check, what, trial, seq, cause, why }) => (
              <li>
                <Pill tone="bad">{level}</Pill> <b>{check}</b>: <Name text={what} />{" "}
                <EventLink run={model.run.id} trial={trial} seq={seq} numberOf={numberOf} />
                <span class="sub">
                  {cause}: {oneLine(why)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {model.gaps.reasons.length === 0 ? null : (
        <section class="card" aria-labelledby="gaps">
          <h2 id="gaps">What can't be checked</h2>
          <ul class="links">
            {model.gaps.reasons.map(({ level, reason, count }) => (
              <li>
                <Pill tone="plain">{level}</Pill> {count} × <Name text={reason} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="note">
        The whole report, and cargo again: <CommandText text={command} />
      </p>
    </Document>
  );
};

const EventLink = ({
  run,
  trial,
  seq,
  numberOf,
}: {
  readonly run: string;
  readonly trial: string | null;
  readonly seq: number | null;
  readonly numberOf: (trial: string) => number | null;
}) => {
  const number = trial === null ? null : numberOf(trial);
  if (trial === null || number === null) return <Name text={trial ?? "the run"} />;
  return (
    <a href={`${LINKS.trial(run, number)}${seq === null ? "" : `#event-${seq}`}`}>
      <Name text={`${trial}${seq === null ? "" : `#${seq}`}`} />
    </a>
  );
};
