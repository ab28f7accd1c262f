// One measured figure: samples, their median, and the bound that it is held against.

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly samples: readonly number[];
  readonly bound: number;
}

/** Median by linear interpolation. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** Prints a figure and tells whether its median is within its bound. */
export function printFigure({ name, unit, samples, bound }: Figure): boolean {
  const value = median(samples);
  const ok = value <= bound;
  const spread = samples.length > 1 ? `  (${Math.min(...samples).toFixed(2)}–${Math.max(...samples).toFixed(2)}, n=${samples.length})` : "";
  // Some are only to be known.
  const held = Number.isFinite(bound) ? `  bound ${bound}${unit}` : "";
  process.stdout.write(`${ok ? "✓" : "✗"} ${name}: ${value.toFixed(2)}${unit}${spread}${held}\n`);
  return ok;
}
