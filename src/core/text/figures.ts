// Numbers as text, for every report: fixed-point, without a locale.

/** A number with a fixed count of decimals; never `-0`. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** Whole milliseconds, with a decimal below 10. */
export function milliseconds(ms: number): string {
  return fixed(ms, ms < 9.95 ? 1 : 0);
}

/** US dollars with four decimals; null is `unknown`, never zero. */
export function usdText(usd: number | null): string {
  if (usd === null) return "unknown";
  if (usd === 0) return "$0";
  return usd < 0.0001 ? "<$0.0001" : `$${fixed(usd, 4)}`;
}

/** The same where a list names no columns. */
export const costText = (usd: number | null): string => (usd === null ? "cost unknown" : usdText(usd));
