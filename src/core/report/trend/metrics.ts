// What is followed over time: each figure with its unit, which way is worse, and where it stands in a run's digest.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import type { CandidateDigest, RunDigest } from "../runs/digest.ts";

export interface TrendMetric {
  readonly says: string;
  readonly unit: "share" | "ms" | "usd";
  /** Which way is worse. */
  readonly worse: "lower" | "higher";
  /** `task`: each task is held against its own outcomes. `run`: each run counts as one. */
  readonly heldBy: "task" | "run";
}

/** A metric of one candidate's slot. */
interface CandidateMetric extends TrendMetric {
  readonly of: (candidate: CandidateDigest) => Estimate;
}

/** A metric of the whole run. */
interface RunMetric extends TrendMetric {
  readonly of: (run: RunDigest) => Estimate;
}

const single = (value: number | null, method: string): Estimate => ({ value, low: null, high: null, n: value === null ? 0 : 1, method });
const NONE = single(null, "none");

export const CANDIDATE_METRICS = {
  pass: { says: "pass in slot, low-risk tasks", unit: "share", worse: "lower", heldBy: "task", of: ({ pass }) => pass },
  "pass@1": { says: "the first attempt passes", unit: "share", worse: "lower", heldBy: "run", of: ({ passAt1 }) => passAt1 },
  "after-escalation": { says: "the trial ends with a passing patch", unit: "share", worse: "lower", heldBy: "run", of: ({ final }) => final },
  escalation: { says: "trials that go to the cloud Implementer", unit: "share", worse: "higher", heldBy: "run", of: ({ escalated }) => escalated },
  fallback: {
    says: "trials in which the first model of an order could not serve",
    unit: "share",
    worse: "higher",
    heldBy: "run",
    of: ({ fallback }) => fallback,
  },
  json: { says: "answers in the form that was asked for", unit: "share", worse: "lower", heldBy: "run", of: ({ json }) => json },
  "attempt-p50": { says: "median of an attempt", unit: "ms", worse: "higher", heldBy: "run", of: ({ attemptP50 }) => attemptP50 },
  "attempt-p95": { says: "95th percentile of an attempt", unit: "ms", worse: "higher", heldBy: "run", of: ({ attemptP95 }) => attemptP95 },
  cost: { says: "US dollars a trial", unit: "usd", worse: "higher", heldBy: "run", of: ({ costPerTrialUsd }) => single(costPerTrialUsd, "mean") },
} as const satisfies Readonly<Record<string, CandidateMetric>>;

export const RUN_METRICS = {
  "judge-false-unlock": {
    says: "known-bad patches that the Judge would unlock",
    unit: "share",
    worse: "higher",
    heldBy: "run",
    of: (run) => run.calibration?.falseUnlock ?? NONE,
  },
  "judge-false-block": {
    says: "known-good patches that stay locked",
    unit: "share",
    worse: "higher",
    heldBy: "run",
    of: (run) => run.calibration?.falseBlock ?? NONE,
  },
  "critic-blocks-good": {
    says: "known-good patches that the critic blocks",
    unit: "share",
    worse: "higher",
    heldBy: "run",
    of: (run) => run.calibration?.criticBlocksGood ?? NONE,
  },
  breakers: { says: "openings of a breaker, by trial", unit: "share", worse: "higher", heldBy: "run", of: breakerShare },
} as const satisfies Readonly<Record<string, RunMetric>>;

export type CandidateMetricName = keyof typeof CANDIDATE_METRICS;
export type RunMetricName = keyof typeof RUN_METRICS;
export type TrendMetricName = CandidateMetricName | RunMetricName;

export const CANDIDATE_METRIC_NAMES = Object.keys(CANDIDATE_METRICS) as readonly CandidateMetricName[];
export const RUN_METRIC_NAMES = Object.keys(RUN_METRICS) as readonly RunMetricName[];

export const TREND_METRICS: Readonly<Record<TrendMetricName, TrendMetric>> = { ...CANDIDATE_METRICS, ...RUN_METRICS };

function breakerShare({ breakersOpened, trials }: RunDigest): Estimate {
  return trials.planned === 0 ? NONE : single(breakersOpened / trials.planned, "count");
}
