// What a run's grid is chosen by: in the page itself, or of a large run by its server, page by page.
import { counted, oneLine } from "../core/report/format.ts";
import { type GridChoice, type GridChoices, gridAddress, orderOf } from "../core/report/runs/grid-choice.ts";
import type { RunPageModel } from "../core/report/runs/page.ts";
import { LINKS } from "./links.ts";

const NOTHING: GridChoice = { mark: "", risk: "", kind: "", area: "", family: "", codes: "", find: "", sort: "" };

const ORDERS: Readonly<Record<string, string>> = { plan: "plan", worth: "worth a look", lost: "most lost", task: "task" };

/** The page's script filters and sorts; without it, every task is there. */
export const OwnFilters = ({ page }: { readonly page: RunPageModel }) => (
  <form class="filters" data-grid="tasks" hidden>
    <Fields page={page} choice={{ ...NOTHING, sort: "plan" }} />
    <output aria-live="polite">{counted(page.tasks, "task")}</output>
  </form>
);

interface GridPagesProps {
  readonly page: RunPageModel;
  readonly choice: GridChoice;
  readonly isExport: boolean;
}

/** Asked of the server, since not all tasks are in the page. A folder's pages stand in one order. */
export const GridPages = ({ page, choice, isExport }: GridPagesProps) => (
  <>
    {isExport ? null : (
      <form class="filters" method="get" action={`${LINKS.run(page.run)}#grid`}>
        <Fields page={page} choice={{ ...choice, sort: orderOf(choice) }} />
        <button type="submit">Show</button>
      </form>
    )}
    <p class="pages">
      <span>{foundText(page)}</span>
      <PageLink page={page} choice={choice} to={page.grid.page - 1} text="Previous" />
      <PageLink page={page} choice={choice} to={page.grid.page + 1} text="Next" />
    </p>
  </>
);

function foundText({ grid: { found, page, pages }, tasks }: RunPageModel): string {
  const of = found === tasks ? counted(tasks, "task") : `${found} of ${counted(tasks, "task")}`;
  return pages === 1 ? of : `${of}, page ${page} of ${pages}`;
}

const PageLink = ({ page, choice, to, text }: { readonly page: RunPageModel; readonly choice: GridChoice; readonly to: number; readonly text: string }) => {
  if (to < 1 || to > page.grid.pages) return null;
  const address = gridAddress(choice);
  return (
    <a class="button" href={`${LINKS.tasks(page.run, to)}${address === "" ? "" : `?${address}`}#grid`}>
      {text}
    </a>
  );
};

const Fields = ({ page, choice }: { readonly page: RunPageModel; readonly choice: GridChoice }) => (
  <>
    <label>
      <span>Show</span>
      <select name="mark">
        <option value="">all trials</option>
        {page.marks.map(({ mark, trials }) => (
          <option value={mark} selected={mark === choice.mark}>{`${mark} (${trials})`}</option>
        ))}
      </select>
    </label>
    <Choice name="risk" label="Risk" choices={page.choices} choice={choice} />
    <Choice name="kind" label="Kind" choices={page.choices} choice={choice} />
    <Choice name="area" label="Area" choices={page.choices} choice={choice} />
    <Choice name="family" label="Family" choices={page.choices} choice={choice} />
    <Choice name="codes" label="Error code" choices={page.choices} choice={choice} />
    <label>
      <span>Sort by</span>
      <select name="sort">
        {Object.entries(ORDERS).map(([order, text]) => (
          <option value={order} selected={order === choice.sort}>
            {text}
          </option>
        ))}
      </select>
    </label>
    <label>
      <span>Find</span>
      <input type="search" name="find" placeholder="task" value={choice.find} />
    </label>
  </>
);

interface ChoiceProps {
  readonly name: keyof GridChoices;
  readonly label: string;
  readonly choices: GridChoices;
  readonly choice: GridChoice;
}

const Choice = ({ name, label, choices, choice }: ChoiceProps) => {
  const values = choices[name];
  if (values.length === 0) return null;
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="">all</option>
        {values.map((value) => (
          <option value={value} selected={value === choice[name]}>
            {oneLine(value)}
          </option>
        ))}
      </select>
    </label>
  );
};
