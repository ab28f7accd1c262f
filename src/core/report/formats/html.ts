// The report of a run as one HTML file: no script, no request, all text escaped by the template.
import Handlebars from "handlebars";
import { beyondProofText } from "../../capsule/beyond-proof.ts";
import { mapTexts } from "../audit/audit.ts";
import { counted, oneLine } from "../format.ts";
import type { Grid } from "../grid.ts";
import { type ReportModel, standInText } from "../model.ts";
import STYLE from "../page.css.hbs";
import TEMPLATE from "./report.html.hbs";
import { timingSection } from "../sections/section.ts";
import { detailSections, type ListedSection, openingSections } from "../sections/order.ts";
import { lookAtTrial } from "../trial/look.ts";
import { identityGrid, trialGrid } from "../sections/run.ts";
import { svgReport } from "./svg.ts";

const render = Handlebars.create().compile(TEMPLATE);

/** Needs no JavaScript; the chart is embedded. */
export function htmlReport(model: ReportModel): string {
  const { summary, identity, trials } = model;
  const view = {
    title: model.title,
    about: `run ${model.run.id}: ${counted(summary.candidates.length, "candidate")} on ${counted(summary.tasks.total, "task")} (${summary.tasks.highRisk} high-risk), ${counted(identity.epochs, "epoch")}`,
    notices: [
      ...model.standIns.map(standInText),
      ...model.warnings,
      ...model.leftOut.map(({ name, reason, start }) => `left out: ${name}: ${reason}; to start it: ${start}`),
    ],
    sections: sectionsOf(model).map(({ title, note, grid, lists }) => ({ title, note, ...gridView(grid), lists })),
    look: lookAtTrial(model),
    beyondProof: beyondProofText(model.beyondProof),
    trialCount: counted(trials.length, "trial"),
    trials: gridView(trialGrid(model)),
  };
  return render({ ...mapTexts(view, oneLine), style: STYLE.trim(), chart: svgReport(model).trimEnd() });
}

function sectionsOf(model: ReportModel): readonly ListedSection[] {
  return [
    ...openingSections(model),
    ...detailSections(model),
    { ...timingSection(model.summary), lists: [] },
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
