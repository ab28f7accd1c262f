// The tasks on which one side of a comparison is better, each leading to the trials of both.
import { oneLine } from "../core/report/format.ts";
import type { ComparedSide, ComparedTask, ComparePageModel } from "../core/report/runs/compare.ts";
import { LINKS } from "./links.ts";
import { Name, Pill } from "./pieces.tsx";

/** What the sides are told apart by. */
export interface SideNames {
  readonly a: string;
  readonly b: string;
}

export const ComparedTasks = ({
  title,
  tasks,
  page,
  names,
  tone,
}: {
  readonly title: string;
  readonly tasks: readonly ComparedTask[];
  readonly page: ComparePageModel;
  readonly names: SideNames;
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
                <Name text={names.a} />
              </th>
              <th scope="col">
                <Name text={names.b} />
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
