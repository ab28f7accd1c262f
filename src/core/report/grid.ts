// Tables as data, rendered as aligned plain text or Markdown.
import { oneLine } from "./format.ts";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

export interface Grid {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** The widest line of a plain-text table. */
export const TEXT_WIDTH = 110;
/** Titles and first cells are names. */
const NAME_WIDTH = 28;
const CELL_WIDTH = 44;
const LEAST_WIDTH = 12;
const GAP = "  ";

export const left = (title: string): Column => ({ title, align: "left" });
export const right = (title: string): Column => ({ title, align: "right" });

/** Lines of aligned text. Columns that don't fit go into further blocks below, each repeating the first column. */
export function gridLines(grid: Grid, width: number = TEXT_WIDTH): readonly string[] {
  // A name and one cell fit even the narrowest terminal.
  const nameWidth = Math.min(NAME_WIDTH, Math.max(LEAST_WIDTH, Math.floor(width * 0.45)));
  const cellWidth = Math.min(CELL_WIDTH, Math.max(LEAST_WIDTH, width - nameWidth - GAP.length));
  const titles = grid.columns.map(({ title }) => shorten(title, nameWidth));
  const rows = grid.rows.map((row) => row.map((cell, index) => shorten(cell, index === 0 ? nameWidth : cellWidth)));
  const cells = [titles, ...rows];
  const widths = grid.columns.map((_, index) => Math.max(...cells.map((row) => lengthOf(row[index] ?? ""))));
  const blocks = blocksOf(widths, width).map((indexes) =>
    cells.map((row) =>
      indexes
        .map((index) => pad(row[index] ?? "", widths[index] ?? 0, grid.columns[index]?.align))
        .join(GAP)
        .trimEnd(),
    ),
  );
  return blocks.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

/** Text and tables of one width. */
export interface TextPage {
  readonly width: number;
  readonly wrap: (text: string, indent: string) => readonly string[];
  readonly grid: (grid: Grid) => readonly string[];
}

export const textPage = (width: number = TEXT_WIDTH): TextPage => ({
  width,
  wrap: (text, indent) => wrap(text, indent, width),
  grid: (grid) => gridLines(grid, width),
});

/** Which columns go into each block: as many as fit, each block beginning with column 0. */
function blocksOf(widths: readonly number[], limit: number): readonly (readonly number[])[] {
  const lead = widths[0] ?? 0;
  const blocks: number[][] = [[0]];
  let used = lead;
  for (const [index, width] of widths.entries()) {
    if (index === 0) continue;
    const block = blocks.at(-1) as number[];
    if (used + GAP.length + width <= limit || block.length === 1) {
      block.push(index);
      used += GAP.length + width;
    } else {
      blocks.push([0, index]);
      used = lead + GAP.length + width;
    }
  }
  return blocks;
}

/** A GitHub-flavoured Markdown table, without a newline at its end. */
export function gridMarkdown({ columns, rows }: Grid): string {
  const rule = columns.map(({ align }) => (align === "right" ? "---:" : "---"));
  const escaped = [columns.map(({ title }) => title), ...rows].map((row) => markdownRow(row.map(markdownText)));
  return [escaped[0], markdownRow(rule), ...escaped.slice(1)].join("\n");
}

const markdownRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Text escaped for Markdown: one line, no table bars, no HTML, no links, no code. */
export function markdownText(text: string): string {
  const line = oneLine(text);
  if (!/[&<\\|`\]]/.test(line)) return line;
  return line
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\|`]/g, String.raw`\$&`)
    .replaceAll("](", String.raw`]\(`);
}

/** Text as inline code, whatever it contains, also in a table cell. */
export function markdownCode(text: string): string {
  const runs = oneLine(text).match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const space = runs.length > 0 ? " " : "";
  return `${fence}${space}${oneLine(text)}${space}${fence}`;
}

/** Words wrapped to a width; lines after the first are indented. A longer word gets its own line. */
export function wrap(text: string, indent: string, width: number = TEXT_WIDTH): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of oneLine(text).split(" ")) {
    if (line !== "" && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Keeps both ends, since names often differ only in the last part. */
export function shorten(text: string, width: number): string {
  const characters = [...oneLine(text)];
  if (characters.length <= width) return characters.join("");
  const head = Math.ceil((width - 1) / 2);
  return [...characters.slice(0, head), "…", ...characters.slice(characters.length - (width - 1 - head))].join("");
}

function pad(text: string, width: number, align: Column["align"] = "left"): string {
  const space = " ".repeat(width - lengthOf(text));
  return align === "left" ? `${text}${space}` : `${space}${text}`;
}

const lengthOf = (text: string): number => [...text].length;
