// The body of a pull request's comment: one verdict line first, a marker by which it is written over, and never more than sixty lines.
import { counted } from "./format.ts";
import { markdownCode, markdownText } from "./grid.ts";

const MOST_LINES = 60;

export interface Comment {
  /** What it is about: `run`, `gate`, `trend`. A pull request has one comment of each. */
  readonly about: string;
  readonly sign: "🔴" | "🟡" | "🟢" | "⚪";
  /** One sentence, plain text. */
  readonly verdict: string;
  /** Markdown lines. */
  readonly body: readonly string[];
  /** Markdown lines that stand at the end, whatever is cut. */
  readonly end: readonly string[];
}

/** Newline-terminated. */
export function commentMarkdown({ about, sign, verdict, body, end }: Comment): string {
  const head = [`<!-- bakeoff:${about} -->`, `## ${sign} ${markdownText(verdict)}`, ""];
  const room = MOST_LINES - head.length - end.length;
  const shown = body.length <= room ? body : [...closedFolds(body.slice(0, room - 3)), "", `_… and ${counted(body.length - room + 3, "more line")}_`];
  return `${[...head, ...shown, ...end].join("\n")}\n`;
}

/** What was cut inside of a fold is folded to its end. */
function closedFolds(lines: readonly string[]): readonly string[] {
  const open = lines.filter((line) => line.startsWith("<details>")).length - lines.filter((line) => line === "</details>").length;
  return open > 0 ? [...lines, "</details>"] : lines;
}

/** Each name is a link; its address holds nothing of a capsule but what is escaped. */
export const linkList = (names: readonly string[], most: number, addressOf: (name: string) => string): string =>
  `${names
    .slice(0, most)
    .map((name) => `[${markdownText(name)}](${addressOf(name)})`)
    .join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`;

export const codeList = (names: readonly string[], most: number): string =>
  `${names.slice(0, most).map(markdownCode).join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`;
