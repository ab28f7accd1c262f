// The audit report as Markdown, HTML, JSON and CSV: one model, four layouts.
import Handlebars from "handlebars";
import { auditCsv } from "./audit-call.ts";
import HTML from "./audit.html.hbs";
import MARKDOWN from "./audit.md.hbs";
import type { AuditModel } from "./audit-model.ts";
import { auditView } from "./audit-view.ts";
import { oneLine } from "./format.ts";
import { markdownText } from "./grid.ts";
import { jsonReport } from "./json.ts";
import STYLE from "./page.css.hbs";

/** File names and layouts, in the order in which they are written. */
export const AUDIT_FORMATS: Readonly<Record<string, { readonly file: string; readonly render: (model: AuditModel) => string }>> = {
  md: { file: "replay_report.md", render: auditMarkdown },
  json: { file: "replay_report.json", render: auditJson },
  csv: { file: "replay_report.csv", render: ({ calls }) => auditCsv(calls) },
  html: { file: "replay_report.html", render: auditHtml },
};

const markdown = Handlebars.create().compile(MARKDOWN, { noEscape: true });
const html = Handlebars.create().compile(HTML);

export function auditMarkdown(model: AuditModel): string {
  const text = markdown(mapTexts(auditView(model), markdownText));
  return `${text.replaceAll(/\n{3,}/g, "\n\n").trimEnd()}\n`;
}

/** One file that stands alone: no script, no request, readable without either. Every text is escaped by the template. */
export function auditHtml(model: AuditModel): string {
  return html({ ...mapTexts(auditView(model), oneLine), style: STYLE.trim() });
}

/** The calls are in the CSV, and their facts in the timeline. */
export function auditJson(model: AuditModel): string {
  return jsonReport({ ...model, calls: undefined });
}

/** The same value with each of its texts put through a function. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  return mapped(value, change) as T;
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, change)]));
}
