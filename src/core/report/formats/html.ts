// The report of a run as one HTML file, its trials in files beside it where they are very many: no script, no request to anywhere, all text escaped by the templates.
import Handlebars from "handlebars";
import { beyondProofText } from "../../capsule/proof/beyond-proof.ts";
import { counted, oneLine } from "../format.ts";
import type { Grid } from "../grid.ts";
import { mapTexts } from "../map-texts.ts";
import type { ReportModel } from "../model.ts";
import { notices } from "../notices.ts";
import STYLE from "../page.css.hbs";
import { MOST_IN_A_LIST, MOST_ON_ONE_PAGE, PagedReport } from "../paged.ts";
import type { ReportFile } from "./registry.ts";
import TEMPLATE from "./report.html.hbs";
import TABLE from "./trial-table.html.hbs";
import { timingSection } from "../sections/section.ts";
import { workersSection } from "../sections/workers.ts";
import { detailSections, type ListedSection, openingSections } from "../sections/order.ts";
import { lookAtTrial } from "../trial/look.ts";
import { identityGrid, trialGrid } from "../sections/run.ts";
import { svgReport } from "./svg.ts";

const render = Handlebars.create().compile(TEMPLATE);
const renderTable = Handlebars.create().compile(TABLE, { strict: true });

/** Needs no JavaScript; the chart is embedded. The index first. */
export function htmlReports(model: ReportModel): readonly ReportFile[] {
  const grid = trialGrid(model);
  if (grid.rows.length <= MOST_ON_ONE_PAGE) return [{ file: FILE, content: htmlReport(model) }];
  const paged = new PagedReport({ index: FILE, run: model.run.id, title: model.title });
  const lists: string[] = [];
  for (let from = 0; from < grid.rows.length; from += MOST_IN_A_LIST) {
    const rows = grid.rows.slice(from, from + MOST_IN_A_LIST);
    lists.push(
      paged.addList(tableOf({ ...grid, rows }), {
        name: `trials ${from + 1} to ${from + rows.length}`,
        about: `from ${rows[0]?.slice(0, 3).join(", ") ?? ""}`,
      }),
    );
  }
  const index = pageOf(model, { lists: lists.join(""), table: "" });
  return [{ file: FILE, content: index }, ...paged.take().map(({ file, text }) => ({ file, content: text }))];
}

/** The report as one page, however large. */
export const htmlReport = (model: ReportModel): string => pageOf(model, { lists: "", table: tableOf(trialGrid(model)) });

const FILE = "report.html";

const tableOf = (grid: Grid): string => renderTable(mapTexts(gridView(grid), oneLine)).trimEnd();

/** `trials`: HTML. */
function pageOf(model: ReportModel, trialParts: { readonly lists: string; readonly table: string }): string {
  const { summary, identity, trials } = model;
  const view = {
    title: model.title,
    about: `run ${model.run.id}: ${counted(summary.candidates.length, "candidate")} on ${counted(summary.tasks.total, "task")} (${summary.tasks.highRisk} high-risk), ${counted(identity.epochs, "epoch")}`,
    notices: notices(model),
    sections: sectionsOf(model).map(({ title, note, grid, lists }) => ({ title, note, ...gridView(grid), lists })),
    look: lookAtTrial(model),
    beyondProof: beyondProofText(model.beyondProof),
    trialCount: counted(trials.length, "trial"),
  };
  return render({ ...mapTexts(view, oneLine), ...trialParts, style: STYLE.trim(), chart: svgReport(model).trimEnd() });
}

function sectionsOf(model: ReportModel): readonly ListedSection[] {
  const workers = workersSection(model.workers);
  return [
    ...openingSections(model),
    ...detailSections(model),
    { ...timingSection(model.summary), lists: [] },
    ...(workers === null ? [] : [{ ...workers, lists: [] }]),
    { title: "What was run", note: "", grid: identityGrid(model), lists: [] },
  ];
}

function gridView({ columns, rows }: Grid) {
  const number = columns.map(({ align }) => align === "right");
  return {
    columns: columns.map(({ title }, index) => ({ title, number: number[index] ?? false })),
    rows: rows.map((row) => row.map((text, index) => ({ text, number: number[index] ?? false }))),
  };
}
