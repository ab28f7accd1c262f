// Two candidates side by side: the paired table, the interval of their difference, and every task on which they differ.
import { counted, oneLine } from "../core/report/format.ts";
import type { ComparePageModel, CompareSide } from "../core/report/runs/compare.ts";
import { differenceText } from "../core/report/runs/pairs.ts";
import { LINKS } from "./links.ts";
import { ComparedTasks, type SideNames } from "./compared-tasks.tsx";
import { Differences } from "./differences.tsx";
import { msText, Name, Rate } from "./pieces.tsx";
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
          {a.candidate === b.candidate ? (
            <>
              <Name text={a.candidate} /> <span class="by">in two runs</span>
            </>
          ) : (
            <>
              <Name text={names.a} /> <span class="by">beside</span> <Name text={names.b} />
            </>
          )}
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
            {counted(page.tasks, "task")} of {counted(page.families, "family", "families")} that both tried; those of one family may pass and fail together.
            With epochs, one is better where it passes more of them. p = {page.p.toPrecision(2)}, two-sided.
          </p>
        </section>
      </div>
      <Differences differences={page.differences} title={`Not the same: ${b.run} → ${a.run}`} />
      <ComparedTasks title={`Better: ${names.a}`} tasks={aBetter} page={page} names={names} tone="good" />
      <ComparedTasks title={`Better: ${names.b}`} tasks={bBetter} page={page} names={names} tone="bad" />
    </Document>
  );
};

/** What the sides are told apart by: their candidates or, of one candidate, their runs. */
function sideNames(a: CompareSide, b: CompareSide): SideNames {
  return a.candidate === b.candidate ? { a: a.run, b: b.run } : { a: a.candidate, b: b.candidate };
}

function headline({ a, b, notComparable, difference, aBetter, bBetter }: ComparePageModel, names: SideNames): string {
  if (notComparable !== null) return `Not compared: ${notComparable}.`;
  const says = differenceText(difference, a.candidate === b.candidate ? `in ${oneLine(b.run)}` : oneLine(names.b));
  if (says === null) return "No task was tried by both.";
  const who = a.candidate === b.candidate ? `${oneLine(a.candidate)} in ${oneLine(a.run)}` : oneLine(names.a);
  return `${who} passes ${says}: better on ${counted(aBetter.length, "task")}, worse on ${bBetter.length}.`;
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
