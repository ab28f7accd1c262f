// Measured figures as text: never a rate or an interval without its n.
import type { Estimate } from "../metrics/statistics/interval.ts";
import { fixed, milliseconds } from "../text/figures.ts";

/** What stands where there is nothing to measure. */
export const NOTHING = "–";
/** The bound of an interval that the samples are too few to give. */
const NO_BOUND = "?";

/** A share as a percentage with one decimal. Only exactly none and exactly all are written as 0.0% and 100.0%. */
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

/** `412 [380–450]`, where the number of samples stands beside it. */
export function millisecondsRange({ value, low, high, n }: Estimate): string {
  return value === null || n === 0 ? NOTHING : `${milliseconds(value)} [${bound(low, milliseconds)}–${bound(high, milliseconds)}]`;
}

const wholePercent = (share: number): string => fixed(share * 100, 0);
const bound = (value: number | null, text: (value: number) => string): string => (value === null ? NO_BOUND : text(value));

/** `1 task`, `2 tasks`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Text of a capsule on one line: control, direction and line characters are gone, so that it can't command a terminal. */
export function oneLine(text: string): string {
  // Most texts are plain, and cost no more than a look.
  if (/^[!-~]+(?: [!-~]+)*$/.test(text)) return text;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}
