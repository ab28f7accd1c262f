// Two candidates side by side: the paired table, the interval of their difference, and every task on which they differ.
import { counted, oneLine } from "../core/report/format.ts";
import type { ComparedSide, ComparedTask, ComparePageModel, CompareSide } from "../core/report/runs/compare.ts";
import { differenceText } from "../core/report/runs/page.ts";
import { LINKS } from "./links.ts";
import { Differences } from "./differences.tsx";
import { msText, Name, Pill, Rate } from "./pieces.tsx";
import { Document } from "./shell.tsx";

export interface ComparePageProps {
  readonly page: ComparePageModel;
  readonly isExport: boolean;
}

export const ComparePage = ({ page, isExport }: ComparePageProps) => {
  const { a, b, aBetter, bBetter } = page;
  const names = sideNames(a, b);
  return (
    <Document
      title={`${names.a} and ${names.b}`}
      at={null}
      above={[
        { text: "Runs", href: LINKS.runs },
        { text: a.run, href: LINKS.run(a.run) },
        ...(a.run === b.run ? [] : [{ text: b.run, href: LINKS.run(b.run) }]),
      ]}
      isExport={isExport}
    >
      <div class="title">
        <h1>
          <Name text={names.a} /> <span class="by">beside</span> <Name text={names.b} />
        </h1>
      </div>
      <p class="headline">{headline(page, names)}</p>
      <div class="two">
        <section class="card" aria-labelledby="sides">
          <h2 id="sides">Pass in slot</h2>
          <dl class="sides">
            <Side side={a} name={names.a} />
            <Side side={b} name={names.b} />
          </dl>
        </section>
        <section class="card" aria-labelledby="table">
          <h2 id="table">By task</h2>
          <div class="scroll" tabindex={0} role="region" aria-label="Tasks by who passed them">
            <table class="paired">
              <thead>
                <tr>
                  <td></td>
                  <th scope="col">
                    <Name text={names.b} /> passes
                  </th>
                  <th scope="col">does not</th>
                </tr>
              </thead>
              <tbody>
                <tr>
                  <th scope="row">
                    <Name text={names.a} /> passes
                  </th>
                  <td class="n">{page.both}</td>
                  <td class="n better">{aBetter.length}</td>
                </tr>
                <tr>
                  <th scope="row">does not</th>
                  <td class="n worse">{bBetter.length}</td>
                  <td class="n">{page.neither}</td>
                </tr>
              </tbody>
            </table>
          </div>
          <p class="note">
            {counted(page.tasks, "task")} that both tried. With epochs, one is better where it passes more of them. Exact McNemar p ={" "}
            {page.mcnemar.toPrecision(3)}, two-sided.
          </p>
        </section>
      </div>
      <Differences differences={page.differences} title="What the runs were not the same in" />
      <Tasks title={`Better by ${names.a}`} tasks={aBetter} page={page} tone="good" />
      <Tasks title={`Better by ${names.b}`} tasks={bBetter} page={page} tone="bad" />
    </Document>
  );
};

interface Names {
  readonly a: string;
  readonly b: string;
}

/** The candidates' names; with their runs where those are what differs. */
function sideNames(a: CompareSide, b: CompareSide): Names {
  return a.candidate === b.candidate ? { a: `${a.candidate} in ${a.run}`, b: `${b.candidate} in ${b.run}` } : { a: a.candidate, b: b.candidate };
}

function headline({ notComparable, difference, aBetter, bBetter }: ComparePageModel, names: Names): string {
  if (notComparable !== null) return `Not compared: ${notComparable}.`;
  const says = differenceText(difference, oneLine(names.b));
  if (says === null) return "No task was tried by both.";
  return `${oneLine(names.a)} passes ${says}: better on ${counted(aBetter.length, "task")}, worse on ${bBetter.length}.`;
}

const Side = ({ side, name }: { readonly side: CompareSide; readonly name: string }) => (
  <>
    <dt>
      <Name text={name} />
    </dt>
    <dd>
      <Rate estimate={side.pass} />
      <span class="sub">
        median attempt {msText(side.attemptP50)}, p95 {msText(side.attemptP95)}
      </span>
    </dd>
  </>
);

const Tasks = ({
  title,
  tasks,
  page,
  tone,
}: {
  readonly title: string;
  readonly tasks: readonly ComparedTask[];
  readonly page: ComparePageModel;
  readonly tone: "good" | "bad";
}) => {
  if (tasks.length === 0) return null;
  return (
    <section class="card">
      <h2>
        <Name text={title} /> <Pill tone={tone}>{tasks.length}</Pill>
      </h2>
      <div class="scroll" tabindex={0} role="region" aria-label={oneLine(title)}>
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col">
                <Name text={page.a.candidate} />
              </th>
              <th scope="col">
                <Name text={page.b.candidate} />
              </th>
            </tr>
          </thead>
          <tbody>
            {tasks.map(({ task, a, b }) => (
              <tr data-row>
                <th scope="row">
                  <Name text={task} />
                </th>
                <td>
                  <TrialLink side={a} run={page.a.run} of={`${task} by ${page.a.candidate}`} />
                </td>
                <td>
                  <TrialLink side={b} run={page.b.run} of={`${task} by ${page.b.candidate}`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

const TrialLink = ({ side: { passes, trials, number }, run, of }: { readonly side: ComparedSide; readonly run: string; readonly of: string }) => {
  const text = trials === 1 ? (passes === 1 ? "✓ passed" : "✗ lost") : `${passes} of ${trials}`;
  return number === null ? (
    <span>{text}</span>
  ) : (
    <a href={LINKS.trial(run, number)} aria-label={`${text}: ${oneLine(of)}`}>
      {text}
    </a>
  );
};
