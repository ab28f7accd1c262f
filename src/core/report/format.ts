// Measured figures as text: no rate or interval without its n.
import type { Estimate } from "../metrics/statistics/interval.ts";
import { fixed, milliseconds } from "../text/figures.ts";

/** Shown if there is nothing to measure. */
export const NOTHING = "–";
/** Shown for an interval's bound if there are too few samples. */
const NO_BOUND = "?";

/** A proportion as a percentage with one decimal. Only exactly 0 and exactly 1 are written as 0.0% and 100.0%. */
export function percent(share: number): string {
  const text = fixed(share * 100, 1);
  if (text === "0.0" && share > 0) return "<0.1%";
  if (text === "100.0" && share < 1) return ">99.9%";
  return `${text}%`;
}

/** `97.9% [89–100] n=48`: rate, 95 % interval in percent, number of tasks. */
export function rateText({ value, low, high, n }: Estimate): string {
  if (value === null || n === 0) return NOTHING;
  return `${percent(value)} [${bound(low, wholePercent)}–${bound(high, wholePercent)}] n=${n}`;
}

/** `412 [380–450] n=96`: milliseconds, 95 % interval, number of samples. */
export function millisecondsText(estimate: Estimate): string {
  return estimate.value === null || estimate.n === 0 ? NOTHING : `${millisecondsRange(estimate)} n=${estimate.n}`;
}

/** `412 [380–450]`, for use beside the number of samples. */
export function millisecondsRange({ value, low, high, n }: Estimate): string {
  return value === null || n === 0 ? NOTHING : `${milliseconds(value)} [${bound(low, milliseconds)}–${bound(high, milliseconds)}]`;
}

const wholePercent = (share: number): string => fixed(share * 100, 0);
const bound = (value: number | null, text: (value: number) => string): string => (value === null ? NO_BOUND : text(value));

/** `1 task`, `2 tasks`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** Text from a capsule on one line: control, direction and line characters are removed, so that it can't control a terminal. */
export function oneLine(text: string): string {
  // Most texts are plain and need no replacement.
  if (/^[!-~]+(?: [!-~]+)*$/.test(text)) return text;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}
