// How wide text may be: the terminal's own width within bounds, and 100 columns where there is none.
const WITHOUT_TERMINAL = 100;
const LEAST = 60;
const MOST = 200;

/** `columns`: of a stream; undefined where it is no terminal. `COLUMNS`, where it is set, is taken instead. */
export function textWidth(columns: number | undefined, environment: string | undefined): number {
  const asked = Number(environment);
  const width = Number.isInteger(asked) && asked > 0 ? asked : (columns ?? WITHOUT_TERMINAL);
  return Math.min(MOST, Math.max(LEAST, width));
}

/** Of stdout. */
export const outWidth = (): number => textWidth(process.stdout.columns, process.env["COLUMNS"]);
