// Where each page of the viewer lies, as a file name: the same below the server's address and in an exported folder.

export const LINKS = {
  runs: "index.html",
  trend: "trend.html",
  run: (run: string): string => `run-${run}.html`,
  trial: (run: string, number: number): string => `trial-${run}-${number}.html`,
  live: (run: string): string => `live-${run}.html`,
  audit: (run: string): string => `audit-${run}.html`,
  /** Two arms, each a run and a candidate. */
  compare: (a: PageArm, b: PageArm): string => `compare-${armText(a)}-vs-${armText(b)}.html`,
} as const;

export interface PageArm {
  readonly run: string;
  /** Its number in the run's header, from 0: a name may hold anything. */
  readonly candidate: number;
}

const armText = ({ run, candidate }: PageArm): string => `${run}~${candidate}`;

export type Route =
  | { readonly page: "runs" | "trend" }
  | { readonly page: "run" | "live" | "audit"; readonly run: string }
  | { readonly page: "trial"; readonly run: string; readonly number: number }
  | { readonly page: "compare"; readonly a: PageArm; readonly b: PageArm };

const RUN = String.raw`[A-Za-z0-9._-]{1,80}`;
const OF_RUN = new RegExp(`^(run|live|audit)-(${RUN})\\.html$`);
const TRIAL = new RegExp(`^trial-(${RUN})-(\\d{1,7})\\.html$`);
const COMPARE = new RegExp(`^compare-(${RUN})~(\\d{1,4})-vs-(${RUN})~(\\d{1,4})\\.html$`);

/** Null for a name that is no page's. */
export function routeOf(file: string): Route | null {
  if (file === "" || file === LINKS.runs) return { page: "runs" };
  if (file === LINKS.trend) return { page: "trend" };
  const [, page, run] = OF_RUN.exec(file) ?? [];
  if (page !== undefined && run !== undefined) return { page: page as "run" | "live" | "audit", run };
  const [, of, number] = TRIAL.exec(file) ?? [];
  if (of !== undefined) return { page: "trial", run: of, number: Number(number) };
  return compareRoute(file);
}

function compareRoute(file: string): Route | null {
  const [, left = "", first, right = "", second] = COMPARE.exec(file) ?? [];
  return first === undefined ? null : { page: "compare", a: { run: left, candidate: Number(first) }, b: { run: right, candidate: Number(second) } };
}
