// The report as JSON: keys in the model's order, two spaces, numbers rounded so that no last bit of a logarithm shows.

const DECIMALS = 1e6;

/** A whole report model, newline-terminated. */
export function jsonReport(model: object): string {
  return `${JSON.stringify(model, (_, value: unknown) => (typeof value === "number" ? rounded(value) : value), 2)}\n`;
}

/** Six decimals: finer than any figure here is known, coarser than what engines may differ in. */
function rounded(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${value} in a report: JSON has no such number`);
  return Number.isInteger(value) ? value : Math.round(value * DECIMALS) / DECIMALS;
}
