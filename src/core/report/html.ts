// The report of a run as one HTML file: no script, no request, every text escaped by the template.
import Handlebars from "handlebars";
import { mapTexts } from "./audit.ts";
import { counted, oneLine } from "./format.ts";
import type { Grid } from "./grid.ts";
import { identityGrid, trialGrid } from "./markdown.ts";
import { type ReportModel, standInText } from "./model.ts";
import STYLE from "./page.css.hbs";
import TEMPLATE from "./report.html.hbs";
import {
  behindSection,
  beyondSection,
  candidateRows,
  capabilitySection,
  countsSection,
  groupRows,
  headlineSection,
  highRiskSection,
  type Section,
  timingSection,
  unlockSection,
} from "./section.ts";
import { pairSection, routingSection, verdictSection } from "./section-detail.ts";
import { svgReport } from "./svg.ts";

const render = Handlebars.create().compile(TEMPLATE);

/** Readable without JavaScript; the chart is inside. */
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
    sections: sectionsOf(model).map(({ title, note, grid }) => ({ title, note, ...gridView(grid) })),
    trialCount: counted(trials.length, "trial"),
    trials: gridView(trialGrid(model)),
  };
  return render({ ...mapTexts(view, oneLine), style: STYLE.trim(), chart: svgReport(model).trimEnd() });
}

function sectionsOf(model: ReportModel): readonly Section[] {
  const { summary } = model;
  const { candidates, byKind, byArea, byErrorCode } = summary;
  const names = candidates.map(({ name }) => name);
  const sections = [
    headlineSection(summary),
    behindSection(summary),
    countsSection(summary),
    highRiskSection(summary),
    capabilitySection(summary),
    candidateRows("By kind of task", byKind, candidates),
    groupRows("By area", byArea, names),
    byErrorCode.length > 0 ? groupRows("By error code", byErrorCode, names) : null,
    beyondSection(summary),
    verdictSection(summary),
    unlockSection(summary),
    summary.pairs.length > 0 ? pairSection(summary) : null,
    routingSection(model.routing),
    timingSection(summary),
    { title: "What was run", note: "", grid: identityGrid(model) },
  ];
  return sections.filter((section) => section !== null);
}

function gridView({ columns, rows }: Grid) {
  const number = columns.map(({ align }) => align === "right");
  return {
    columns: columns.map(({ title }, index) => ({ title, number: number[index] ?? false })),
    rows: rows.map((row) => row.map((text, index) => ({ text, number: number[index] ?? false }))),
  };
}
