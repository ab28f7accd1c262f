// Where each page of the viewer lies, as a file name: the same below the server's address and in an exported folder.

export const LINKS = {
  runs: "index.html",
  trend: "trend.html",
  run: (run: string): string => `run-${run}.html`,
  /** A page of the tasks of a run that is large, from 1: the run's own page is the first. */
  tasks: (run: string, page: number): string => (page === 1 ? `run-${run}.html` : `tasks-${run}~${page}.html`),
  trial: (run: string, number: number): string => `trial-${run}-${number}.html`,
  live: (run: string): string => `live-${run}.html`,
  audit: (run: string): string => `audit-${run}.html`,
  /** Two arms, each a run and a candidate. */
  compare: (a: PageArm, b: PageArm): string => `compare-${armText(a)}-vs-${armText(b)}.html`,
  /** Two runs, all candidates of each. */
  compareRuns: (a: string, b: string): string => `compare-${a}~vs~${b}.html`,
  /** What a run can be compared with. */
  beside: (run: string): string => `beside-${run}.html`,
  /** A run under the policy of another run; null: under the policy that lies here now. */
  otherPolicy: (run: string, policyOf: string | null): string => (policyOf === null ? `policy-${run}~here.html` : `policy-${run}~of~${policyOf}.html`),
} as const;

export interface PageArm {
  readonly run: string;
  /** Its number in the run's header, from 0: a name may hold anything. */
  readonly candidate: number;
}

const armText = ({ run, candidate }: PageArm): string => `${run}~${candidate}`;

export type Route =
  | { readonly page: "runs" | "trend" }
  | { readonly page: "run"; readonly run: string; readonly part: number }
  | { readonly page: "live" | "audit" | "beside"; readonly run: string }
  | { readonly page: "trial"; readonly run: string; readonly number: number }
  | { readonly page: "compare"; readonly a: PageArm; readonly b: PageArm }
  | { readonly page: "runs-compared"; readonly a: string; readonly b: string }
  | { readonly page: "other-policy"; readonly run: string; readonly policyOf: string | null };

const RUN = String.raw`[A-Za-z0-9._-]{1,80}`;
const OF_RUN = new RegExp(`^(live|audit|beside)-(${RUN})\\.html$`);
const GRID = new RegExp(`^(?:run-(${RUN})|tasks-(${RUN})~(\\d{1,7}))\\.html$`);
const TRIAL = new RegExp(`^trial-(${RUN})-(\\d{1,7})\\.html$`);
const COMPARE = new RegExp(`^compare-(${RUN})~(\\d{1,4})-vs-(${RUN})~(\\d{1,4})\\.html$`);

const RUNS_COMPARED = new RegExp(`^compare-(${RUN})~vs~(${RUN})\\.html$`);
const OTHER_POLICY = new RegExp(`^policy-(${RUN})~(?:here|of~(${RUN}))\\.html$`);

/** Null for a name that is no page's. */
export function routeOf(file: string): Route | null {
  if (file === "" || file === LINKS.runs) return { page: "runs" };
  if (file === LINKS.trend) return { page: "trend" };
  const [, page, run] = OF_RUN.exec(file) ?? [];
  if (page !== undefined && run !== undefined) return { page: page as "live" | "audit" | "beside", run };
  const [, of, number] = TRIAL.exec(file) ?? [];
  if (of !== undefined) return { page: "trial", run: of, number: Number(number) };
  return gridRoute(file) ?? compareRoute(file);
}

function gridRoute(file: string): Route | null {
  const [, run, large, part = "1"] = GRID.exec(file) ?? [];
  return run === undefined && large === undefined ? null : { page: "run", run: run ?? large ?? "", part: Number(part) };
}

function compareRoute(file: string): Route | null {
  const [, left = "", first, right = "", second] = COMPARE.exec(file) ?? [];
  return first === undefined
    ? besideRoute(file)
    : { page: "compare", a: { run: left, candidate: Number(first) }, b: { run: right, candidate: Number(second) } };
}

function besideRoute(file: string): Route | null {
  const [, a, b] = RUNS_COMPARED.exec(file) ?? [];
  if (a !== undefined && b !== undefined) return { page: "runs-compared", a, b };
  const [, run, policyOf = null] = OTHER_POLICY.exec(file) ?? [];
  return run === undefined ? null : { page: "other-policy", run, policyOf };
}
