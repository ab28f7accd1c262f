// The grid of a run: a row a task, a cell a candidate; sorted and filtered by the page's script, whole without it.
import { counted, oneLine } from "../core/report/format.ts";
import { type GridRow, type GridTrial, type RunPageModel, shareText } from "../core/report/runs/page.ts";
import { TRIAL_MARK_NAMES, TRIAL_MARKS, type TrialMark } from "../core/report/trial/marks.ts";
import { LINKS } from "./links.ts";
import { Name, Pill } from "./pieces.tsx";

export const RunGrid = ({ page }: { readonly page: RunPageModel }) => (
  <>
    <form class="filters" data-grid="tasks" hidden>
      <label>
        <span>Show</span>
        <select name="mark">
          <option value="">all trials</option>
          {TRIAL_MARK_NAMES.filter((mark) => countOf(page, mark) > 0).map((mark) => (
            <option value={mark}>{`${mark} (${countOf(page, mark)})`}</option>
          ))}
        </select>
      </label>
      <Choice name="risk" label="Risk" values={page.rows.map(({ risk }) => risk)} />
      <Choice name="kind" label="Kind" values={page.rows.map(({ kind }) => kind)} />
      <Choice name="area" label="Area" values={page.rows.map(({ area }) => area)} />
      <Choice name="family" label="Family" values={page.rows.flatMap(({ family }) => family ?? [])} />
      <Choice name="codes" label="Error code" values={page.rows.flatMap(({ errorCodes }) => errorCodes)} />
      <label>
        <span>Sort by</span>
        <select name="sort">
          <option value="plan">plan</option>
          <option value="worth">worth a look</option>
          <option value="lost">most lost</option>
          <option value="task">task</option>
        </select>
      </label>
      <label>
        <span>Find</span>
        <input type="search" name="find" placeholder="task" />
      </label>
      <output aria-live="polite">{counted(page.rows.length, "task")}</output>
    </form>
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
          {page.rows.map((row, index) => (
            <Row row={row} run={page.run} index={index} />
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

const countOf = ({ marks }: RunPageModel, wanted: TrialMark): number => marks.find(({ mark }) => mark === wanted)?.trials ?? 0;

const Choice = ({ name, label, values }: { readonly name: string; readonly label: string; readonly values: readonly string[] }) => {
  const choices = [...new Set(values)].toSorted();
  if (choices.length < 2) return null;
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="">all</option>
        {choices.map((choice) => (
          <option value={choice}>{oneLine(choice)}</option>
        ))}
      </select>
    </label>
  );
};

const Row = ({ row, run, index }: { readonly row: GridRow; readonly run: string; readonly index: number }) => {
  const lost = row.cells.flat().filter(({ passed, bySlot }) => bySlot && passed === false).length;
  const worth = row.marks.length === 0 ? TRIAL_MARK_NAMES.length : Math.min(...row.marks.map((mark) => TRIAL_MARK_NAMES.indexOf(mark)));
  return (
    <tr
      data-row
      data-plan={index}
      data-worth={worth}
      data-lost={lost}
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
