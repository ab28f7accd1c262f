// Small pieces that several pages share: rates with their intervals, pills, commands, texts of a capsule.
import type { Child } from "hono/jsx";
import type { Estimate } from "../core/metrics/statistics/interval.ts";
import { NOTHING, oneLine, percent } from "../core/report/format.ts";
import type { Notice } from "../core/report/notices.ts";
import { MOST_LINE_CHARS, plainLines } from "../core/report/trial/block.ts";
import type { ShownText } from "../core/report/trial/shown-text.ts";
import { fixed, milliseconds } from "../core/text/figures.ts";

export type PillTone = "good" | "bad" | "warn" | "plain";

export const Pill = ({ tone, children }: { readonly tone: PillTone; readonly children?: Child }) => <span class={`pill ${tone}`}>{children}</span>;

/** Text from a capsule, on one line: names can hold anything. */
export const Name = ({ text }: { readonly text: string }) => <bdi>{oneLine(text)}</bdi>;

const BAR = { width: 132, height: 14 } as const;

/** A share with its interval as a bar, and the same in words beside it. */
export const Rate = ({ estimate }: { readonly estimate: Estimate }) => {
  const { value, low, high, n } = estimate;
  if (value === null || n === 0) return <span class="rate none">{NOTHING}</span>;
  return (
    <span class="rate">
      <IntervalBar value={value} low={low ?? 0} high={high ?? 1} />
      <span class="value">{percent(value)}</span>
      <span class="range">
        [{bound(low)}–{bound(high)}]
      </span>
    </span>
  );
};

const bound = (share: number | null): string => (share === null ? "?" : fixed(share * 100, 0));

const IntervalBar = ({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }) => {
  const at = (share: number): string => fixed(4 + share * (BAR.width - 8), 1);
  return (
    <svg class="interval" viewBox={`0 0 ${BAR.width} ${BAR.height}`} width={BAR.width} height={BAR.height} aria-hidden="true">
      <line class="track" x1="4" x2={BAR.width - 4} y1="7" y2="7" />
      <rect class="span" x={at(low)} width={fixed(Math.max(2, (high - low) * (BAR.width - 8)), 1)} y="4" height="6" rx="3" />
      <circle class="dot" cx={at(value)} cy="7" r="4" />
    </svg>
  );
};

/** Milliseconds as people say them. */
export function durationText(ms: number): string {
  if (ms >= 90_000) return `${fixed(ms / 60_000, 0)} min`;
  return ms >= 10_000 ? `${fixed(ms / 1000, 1)} s` : `${milliseconds(ms)} ms`;
}

export const msText = ({ value }: Estimate): string => (value === null ? NOTHING : durationText(value));

/** A command to copy. */
export const CommandText = ({ text }: { readonly text: string }) => (
  <span class="command">
    <code>{oneLine(text)}</code>
    <button type="button" data-copy={oneLine(text)} aria-label={`Copy the command ${oneLine(text)}`}>
      copy
    </button>
  </span>
);

/** One line that opens. */
export const Notices = ({ notices }: { readonly notices: readonly Notice[] }) => {
  const [first, ...more] = notices;
  if (!first) return null;
  return (
    <details class="notices">
      <summary>
        <Pill tone="warn">{notices.length === 1 ? "1 notice" : `${notices.length} notices`}</Pill> {oneLine(first.line)}
        {more.length > 0 ? ` · and ${more.length} more` : ""}
      </summary>
      <ul>
        {notices.map(({ line, items }) => (
          <li>
            {oneLine(line)}
            {items.length === 0 ? null : (
              <ul>
                {items.map(({ text, command }) => (
                  <li>
                    {oneLine(text)} {command === null ? null : <CommandText text={command} />}
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
};

/** Lines that are shown of one text at the most: a page must stay one that a browser can hold. */
const MOST_LINES = 5000;

/** Lines without control and direction characters, none longer than can be read. */
export function shownLinesOf(text: string): readonly string[] {
  const lines = plainLines(text);
  const shown = lines
    .slice(0, MOST_LINES)
    .map((line) =>
      line.length <= MOST_LINE_CHARS ? line : `${line.slice(0, MOST_LINE_CHARS).toWellFormed()}… ${line.length - MOST_LINE_CHARS} more characters in this line`,
    );
  return lines.length <= MOST_LINES ? shown : [...shown, `… ${lines.length - MOST_LINES} more lines`];
}

/** A text of the capsule as it stands, scrolled with the keyboard too. */
export const TextBlock = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre tabindex={0} role="region" aria-label={label}>
    {shownLinesOf(text).join("\n")}
  </pre>
);

export const ShownPart = ({ shown, label }: { readonly shown: ShownText; readonly label: string }) =>
  "missing" in shown ? <p class="missing">{oneLine(shown.missing)}</p> : <TextBlock text={shown.text} label={label} />;
