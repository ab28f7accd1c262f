// The grid of a run: a row a task, a cell a candidate; sorted and filtered by the page's script, whole without it.
import { oneLine } from "../core/report/format.ts";
import type { GridRow, GridTrial } from "../core/report/runs/grid.ts";
import { type RunPageModel, shareText } from "../core/report/runs/page.ts";
import { TRIAL_MARKS, type TrialMark } from "../core/report/trial/marks.ts";
import { GridPages, OwnFilters } from "./grid-filters.tsx";
import { LINKS } from "./links.ts";
import { Name, Pill } from "./pieces.tsx";

export const RunGrid = ({ page, isExport }: { readonly page: RunPageModel; readonly isExport: boolean }) => (
  <>
    {page.choice === null ? <OwnFilters page={page} /> : <GridPages page={page} choice={page.choice} isExport={isExport} />}
    <div class="scroll tall" tabindex={0} role="region" aria-label="Tasks by candidates">
      <table class="grid" id="tasks">
        <thead>
          <tr>
            <th scope="col">Task</th>
            {page.candidates.map((name) => (
              <th scope="col">
                <Name text={name} />
              </th>
            ))}
            <th scope="col">Stands out</th>
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row) => (
            <Row row={row} run={page.run} />
          ))}
        </tbody>
      </table>
    </div>
    <p class="legend">
      <span class="cell pass">✓</span> passed in slot <span class="cell part">2/3</span> of its epochs <span class="cell fail">✗</span> lost{" "}
      <span class="cell other">✓</span> by the policy's own Implementer, whose slot was skipped <span class="cell none">–</span> not counted
    </p>
  </>
);

const Row = ({ row, run }: { readonly row: GridRow; readonly run: string }) => {
  return (
    <tr
      data-row
      data-plan={row.place}
      data-worth={row.worth}
      data-lost={row.lost}
      data-task={row.task}
      data-risk={row.risk}
      data-kind={row.kind}
      data-area={row.area}
      data-family={row.family}
      data-codes={row.errorCodes.join(" ")}
      data-mark={row.marks.join(" ")}
    >
      <th scope="row">
        <Name text={row.task} />
        <span class="sub">
          {row.kind}
          {row.risk === "high" ? ", high risk" : ""}
          {row.errorCodes.length > 0 ? `, ${oneLine(row.errorCodes.join(" "))}` : ""}
        </span>
      </th>
      {row.cells.map((trials) => (
        <td>
          <Cell trials={trials} run={run} />
        </td>
      ))}
      <td>
        <span class="pills">
          {row.marks.map((mark) => (
            <Pill tone={GRAVE.has(mark) ? "bad" : "plain"}>
              <span title={TRIAL_MARKS[mark]}>{mark}</span>
            </Pill>
          ))}
        </span>
      </td>
    </tr>
  );
};

const GRAVE: ReadonlySet<TrialMark> = new Set(["tampered", "disputed", "false-unlock", "unexpected", "regressed", "infrastructure"]);

/** Where a cell leads: to the first of its epochs that did not pass. */
const Cell = ({ trials, run }: { readonly trials: readonly GridTrial[]; readonly run: string }) => {
  const [first] = trials;
  if (!first) return <span class="cell none">–</span>;
  const counting = trials.filter(({ passed, standing }) => passed !== null && standing === "counted");
  const passed = counting.filter((trial) => trial.passed === true).length;
  const shown = trials.find((trial) => trial.passed !== true) ?? first;
  const tone = toneOf(trials, counting.length, passed);
  const says = [`${shown.id}`, ...(shown.why === null ? [] : [shown.why])].map(oneLine).join(": ");
  return (
    <a
      class={`cell ${tone}`}
      href={LINKS.trial(run, shown.number)}
      title={says}
      aria-label={`${WORDS[tone]}: ${says}`}
      data-mark={trials.flatMap(({ marks }) => marks).join(" ")}
    >
      {counting.length === 0 ? "–" : shareText(passed, counting.length)}
    </a>
  );
};

type CellTone = "pass" | "part" | "fail" | "other" | "none";

const WORDS: Readonly<Record<CellTone, string>> = {
  pass: "passed in slot",
  part: "passed in some epochs",
  fail: "lost",
  other: "the slot was skipped",
  none: "not counted",
};

function toneOf(trials: readonly GridTrial[], of: number, passed: number): CellTone {
  if (of === 0) return "none";
  if (trials.every(({ bySlot }) => !bySlot)) return "other";
  if (passed === of) return "pass";
  return passed === 0 ? "fail" : "part";
}
