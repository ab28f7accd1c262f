// The report as JSON: keys in the model's order, two spaces, numbers rounded so that platform differences in the last bit don't show.

const DECIMALS = 1e6;

/** A whole report model, newline-terminated. */
export function jsonReport(model: object): string {
  return `${JSON.stringify(model, (_, value: unknown) => (typeof value === "number" ? rounded(value) : value), 2)}\n`;
}

/** A value as an item of a list in a report's first level,. Numbers of its own members are rounded; `exact` is written as it is. */
export function jsonListItem(value: object, exact: object): string {
  // Written inside such a list, since indenting afterwards costs more than writing.
  const text = JSON.stringify({ list: [{ ...roundedMembers(value), ...exact }] }, null, 2);
  return text.slice('{\n  "list": ['.length, -"\n  ]\n}".length);
}

const roundedMembers = (value: object): object => JSON.parse(jsonReport(value)) as object;

/** Six decimals: finer than the precision of any figure here, coarser than differences between engines. */
function rounded(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${value} in a report: JSON has no such number`);
  return Number.isInteger(value) ? value : Math.round(value * DECIMALS) / DECIMALS;
}
