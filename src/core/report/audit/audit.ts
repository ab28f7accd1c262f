// The audit report as Markdown, HTML, JSON and CSV: one model, four layouts, each written in parts.
import Handlebars from "handlebars";
import { type AuditCall, auditCsvHead, auditCsvRows } from "./call.ts";
import HTML from "./audit.html.hbs";
import MARKDOWN from "./audit.md.hbs";
import type { Audit, AuditModel, AuditPlant, AuditTrial } from "./model.ts";
import TRIAL_HTML from "./trial.html.hbs";
import TRIAL_MARKDOWN from "./trial.md.hbs";
import { auditView, plantView, trialView } from "./view.ts";
import { counted, oneLine } from "../format.ts";
import { markdownText } from "../grid.ts";
import { jsonListItem, jsonReport } from "../formats/json.ts";
import { mapTexts } from "../map-texts.ts";
import STYLE from "../page.css.hbs";
import { MOST_ON_ONE_PAGE, type Page, PagedReport } from "../paged.ts";

/** A report in parts, in this order: its head, one text per trial, the heading of the planted patches, one text for each, its end. */
interface Pages {
  readonly head: string;
  trial(trial: AuditTrial, calls: readonly AuditCall[]): string;
  readonly between: string;
  plant(plant: AuditPlant, calls: readonly AuditCall[]): string;
  readonly end: string;
  /** Pages of their own that have come to be since this was last asked. */
  pages?(): readonly Page[];
}

interface Layout {
  readonly file: string;
  open(model: AuditModel): Pages;
}

/** In the order in which they are written. */
export const AUDIT_LAYOUTS: readonly Layout[] = [
  { file: "replay_report.md", open: markdownPages },
  { file: "replay_report.json", open: jsonPages },
  { file: "replay_report.csv", open: csvPages },
  { file: "replay_report.html", open: htmlPages },
];

export const AUDIT_JSON: Layout = { file: "replay_report.json", open: jsonPages };

export interface AuditWriter {
  part(layout: Layout, text: string): void;
  /** A whole file beside the report. */
  page(page: Page): void;
}

/** Writes all layouts in one pass over the run. Yields after each trial, so that writing can be interrupted. */
export function* writeAudit({ model, parts }: Audit, layouts: readonly Layout[], writer: AuditWriter): Generator<void> {
  const open = layouts.map((layout) => ({ layout, pages: layout.open(model) }));
  const each = (text: (pages: Pages) => string): void => {
    for (const { layout, pages } of open) {
      writer.part(layout, text(pages));
      for (const page of pages.pages?.() ?? []) writer.page(page);
    }
  };
  each(({ head }) => head);
  for (const { trial, calls } of parts.trials()) {
    each((pages) => pages.trial(trial, calls));
    yield;
  }
  each(({ between }) => between);
  for (const { plant, calls } of parts.plants()) {
    each((pages) => pages.plant(plant, calls));
    yield;
  }
  each(({ end }) => end);
}

const markdown = Handlebars.create().compile(MARKDOWN, { noEscape: true });
const markdownTrial = Handlebars.create().compile(TRIAL_MARKDOWN, { noEscape: true });
const html = Handlebars.create().compile(HTML);
const htmlTrial = Handlebars.create().compile(TRIAL_HTML);

const PLANTED = "Planted patches";
const PLANTED_NOTE = "Patches of known quality, shown unlabelled to the critic and the Judge.";

/** No consecutive blank lines, one newline at the end. */
const tidy = (text: string): string => `${text.replaceAll(/\n{3,}/g, "\n\n").trimEnd()}\n`;

function markdownPages(model: AuditModel): Pages {
  const section = (view: ReturnType<typeof trialView>): string => `\n${tidy(markdownTrial(mapTexts(view, markdownText)))}`;
  return {
    head: tidy(markdown(mapTexts(auditView(model), markdownText))),
    trial: (trial) => section(trialView(trial)),
    between: model.plantCount === 0 ? "" : `\n## ${PLANTED}\n\n${PLANTED_NOTE}\n`,
    plant: (plant) => section(plantView(plant)),
    end: "",
  };
}

/** Placeholder for the trials. */
const MARK = "\u0000";

/** One self-contained file, or an index of pages: no script, no request to anywhere. The template escapes every text. */
function htmlPages(model: AuditModel): Pages {
  return model.trialCount + model.plantCount > MOST_ON_ONE_PAGE ? manyPages(model) : onePage(model);
}

const plantsTitle = (model: AuditModel): string =>
  model.plantCount === 0
    ? ""
    : `</section>\n<section><h2>${PLANTED}</h2>\n<p class="note">${counted(model.plantCount, "planted patch")}. ${PLANTED_NOTE}</p>\n`;

/** A page for each trial: the index is there at once, whatever the size of the run. */
function manyPages(model: AuditModel): Pages {
  const paged = new PagedReport({ index: "replay_report.html", run: model.run.id, title: model.title });
  const { head, end } = onePage(model, MOST_ENDINGS);
  let number = 0;
  const item = (view: ReturnType<typeof trialView>): string => {
    number += 1;
    paged.add(number, view.id, htmlTrial({ ...mapTexts(view, oneLine), isOpen: true }));
    return paged.list({ id: view.id, summary: view.summary, tone: view.tone, page: number });
  };
  return {
    head: head.replaceAll(/href="#e(\d+)-/g, `href="${paged.folder}/$1.html#e$1-`),
    trial: (trial) => item(trialView(trial)),
    get between() {
      return `${paged.endList()}${plantsTitle(model)}`;
    },
    plant: (plant) => item(plantView(plant)),
    get end() {
      return `${paged.endList()}${end}`;
    },
    pages: () => paged.take(),
  };
}

/** Endings under another policy that an index names; the JSON report has all. */
const MOST_ENDINGS = 500;

const section = (view: ReturnType<typeof trialView>): string => htmlTrial(mapTexts(view, oneLine));

function onePage(model: AuditModel, mostEndings = Number.POSITIVE_INFINITY): Pages {
  const page = html({ ...mapTexts(auditView(model, mostEndings), oneLine), style: STYLE.trim(), mark: MARK });
  const [head = "", end = ""] = page.split(`${MARK}\n`);
  return {
    head,
    trial: (trial) => section(trialView(trial)),
    between: plantsTitle(model),
    plant: (plant) => section(plantView(plant)),
    end,
  };
}

/** The calls are in the CSV, their facts in the timeline. */
function jsonPages(model: AuditModel): Pages {
  let count = 0;
  const next = <T extends AuditTrial | AuditPlant>({ timeline, ...facts }: T): string => `${count++ === 0 ? "" : ","}${jsonListItem(facts, { timeline })}`;
  const close = (): string => (count === 0 ? "]" : "\n  ]");
  return {
    head: `${jsonReport(model).slice(0, -"\n}\n".length)},\n  "trials": [`,
    trial: (trial) => next(trial),
    get between() {
      const text = `${close()},\n  "plants": [`;
      count = 0;
      return text;
    },
    plant: (plant) => next(plant),
    get end() {
      return `${close()}\n}\n`;
    },
  };
}

function csvPages(): Pages {
  return { head: auditCsvHead(), trial: (_, calls) => auditCsvRows(calls), between: "", plant: (_, calls) => auditCsvRows(calls), end: "" };
}
