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
import STYLE from "../page.css.hbs";

/** A report in parts, in this order: its head, one text per trial, the heading of the planted patches, one text for each, its end. */
interface Pages {
  readonly head: string;
  trial(trial: AuditTrial, calls: readonly AuditCall[]): string;
  readonly between: string;
  plant(plant: AuditPlant, calls: readonly AuditCall[]): string;
  readonly end: string;
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

/** Writes all layouts in one pass over the run. Yields after each trial, so that writing can be interrupted. */
export function* writeAudit({ model, parts }: Audit, layouts: readonly Layout[], write: (layout: Layout, text: string) => void): Generator<void> {
  const open = layouts.map((layout) => ({ layout, pages: layout.open(model) }));
  const each = (text: (pages: Pages) => string): void => open.forEach(({ layout, pages }) => write(layout, text(pages)));
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

/** One self-contained file: no script, no request. The template escapes every text. */
function htmlPages(model: AuditModel): Pages {
  const page = html({ ...mapTexts(auditView(model), oneLine), style: STYLE.trim(), mark: MARK });
  const [head = "", end = ""] = page.split(`${MARK}\n`);
  const section = (view: ReturnType<typeof trialView>): string => htmlTrial(mapTexts(view, oneLine));
  const note = `${counted(model.plantCount, "planted patch")}. ${PLANTED_NOTE}`;
  return {
    head,
    trial: (trial) => section(trialView(trial)),
    between: model.plantCount === 0 ? "" : `</section>\n<section><h2>${PLANTED}</h2>\n<p class="note">${note}</p>\n`,
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

/** The same value with a function applied to each of its texts. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  return mapped(value, change) as T;
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, change));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = mapped(item, change);
  return copy;
}
