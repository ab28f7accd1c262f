// The policy over many runs: each figure run by run, where it changed, and what was different from then on.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { type ChangePoint, LEAST_HISTORY, outcomesChange, seriesChange } from "../../metrics/statistics/change-point.ts";
import { holmAdjusted } from "../../metrics/statistics/holm.ts";
import type { CandidateDigest, RunDigest } from "../runs/digest.ts";
import { acknowledgementOf, type BaselineEntry, blessingOf } from "./baseline.ts";
import { DEFAULT_TREND_ALPHA } from "./level.ts";
import { comparableRuns, type ComparableRuns, type LeftOutRun, type RunDifference, runDifferences } from "./compare.ts";
import {
  CANDIDATE_METRIC_NAMES,
  CANDIDATE_METRICS,
  type CandidateMetricName,
  RUN_METRIC_NAMES,
  RUN_METRICS,
  TREND_METRICS,
  type TrendMetricName,
} from "./metrics.ts";

export const TREND_FORMAT = 1;

/** Older runs are counted, not tested: what a change is looked for in has an end. */
const MOST_RUNS = 120;

export interface TrendPoint {
  readonly run: string;
  readonly createdAt: string;
  readonly policy: string;
  readonly estimate: Estimate;
}

export interface TrendChange {
  /** The first run after the change. */
  readonly run: string;
  readonly createdAt: string;
  readonly before: number;
  readonly after: number;
  readonly p: number;
  /** Over all figures of the group (Holm). */
  readonly adjustedP: number;
  readonly isSignificant: boolean;
  readonly direction: "worse" | "better";
  /** Who took note of it, and why; null: nobody. */
  readonly acknowledged: { readonly by: string; readonly at: string; readonly reason: string } | null;
  /** Between the last run before and the first one after. */
  readonly differences: readonly RunDifference[];
}

export interface TrendSeries {
  /** Null: of the whole run. */
  readonly candidate: string | null;
  readonly metric: TrendMetricName;
  /** In the order of time; runs that say nothing of it are left out. */
  readonly points: readonly TrendPoint[];
  /** The likeliest change; null where there is too little history to look for one. */
  readonly change: TrendChange | null;
}

export interface TrendGroup {
  readonly key: string;
  readonly of: string;
  readonly runs: readonly { readonly run: string; readonly createdAt: string; readonly policy: string }[];
  /** Runs before those that were looked at: beyond the blessed baseline, or too many. */
  readonly olderRuns: number;
  readonly verdict: "drift" | "changed" | "steady" | "too-little-history";
  readonly series: readonly TrendSeries[];
}

export interface TrendModel {
  readonly format: typeof TREND_FORMAT;
  readonly alpha: number;
  readonly leastHistory: number;
  readonly groups: readonly TrendGroup[];
  readonly leftOut: readonly LeftOutRun[];
}

const GRAVITY: readonly TrendGroup["verdict"][] = ["drift", "changed", "steady", "too-little-history"];

/** A pure function of the digests, in any order. */
export function trendModel(digests: readonly RunDigest[], alpha: number = DEFAULT_TREND_ALPHA, baselines: readonly BaselineEntry[] = []): TrendModel {
  const { groups, leftOut } = comparableRuns(digests);
  const found = groups.map((group) => trendGroup(group, alpha, baselines));
  // What calls for a look comes first; among the rest the newest.
  const ordered = found.toSorted((a, b) => GRAVITY.indexOf(a.verdict) - GRAVITY.indexOf(b.verdict));
  return { format: TREND_FORMAT, alpha, leastHistory: LEAST_HISTORY, groups: ordered, leftOut };
}

interface Tested extends Omit<TrendSeries, "change"> {
  readonly runs: readonly RunDigest[];
  readonly found: ChangePoint | null;
}

function trendGroup({ key, of, runs: all }: ComparableRuns, alpha: number, baselines: readonly BaselineEntry[]): TrendGroup {
  // What changed before the baseline was agreed on is no news.
  const from = blessingOf(baselines, key)?.runs[0]?.created_at ?? "";
  const runs = all.filter(({ createdAt }) => createdAt >= from).slice(-MOST_RUNS);
  const names = [...new Set(runs.flatMap(({ candidates }) => candidates.map(({ name }) => name)))];
  const tested = [
    ...names.flatMap((name) => CANDIDATE_METRIC_NAMES.map((metric) => candidateSeries(runs, name, metric))),
    ...RUN_METRIC_NAMES.map((metric) => seriesOf(runs, null, metric, (run) => RUN_METRICS[metric].of(run))),
  ].filter(({ points }) => points.length > 0);
  const series = withChanges(tested, { alpha, group: key, baselines });
  return {
    key,
    of,
    runs: runs.map(({ run, createdAt, policy }) => ({ run, createdAt, policy: policy.id })),
    olderRuns: all.length - runs.length,
    verdict: verdictOf(series),
    series,
  };
}

function verdictOf(series: readonly TrendSeries[]): TrendGroup["verdict"] {
  const changes = series.flatMap(({ change }) => (change === null ? [] : [change]));
  if (changes.length === 0) return "too-little-history";
  const significant = changes.filter(({ isSignificant }) => isSignificant);
  if (significant.some(({ direction, acknowledged }) => direction === "worse" && acknowledged === null)) return "drift";
  return significant.length > 0 ? "changed" : "steady";
}

function candidateSeries(runs: readonly RunDigest[], name: string, metric: CandidateMetricName): Tested {
  const own = (run: RunDigest): CandidateDigest | undefined => run.candidates.find((candidate) => candidate.name === name);
  const tested = seriesOf(runs, name, metric, (run) => {
    const candidate = own(run);
    return candidate ? CANDIDATE_METRICS[metric].of(candidate) : null;
  });
  if (CANDIDATE_METRICS[metric].heldBy !== "task") return tested;
  const tasks = sharedOutcomes(tested.runs.map((run) => own(run) as CandidateDigest));
  return { ...tested, found: tasks.length === 0 ? null : outcomesChange(tasks, seedOf(name, metric)) };
}

/** The share of passes, task by task over the runs; of tasks that every run tried. */
function sharedOutcomes(candidates: readonly CandidateDigest[]): readonly (readonly number[])[] {
  const [first] = candidates;
  const shared = Object.keys(first?.tasks ?? {}).filter((task) => candidates.every(({ tasks }) => Object.hasOwn(tasks, task)));
  return shared.map((task) => candidates.map(({ tasks }) => (tasks[task] as readonly [number, number])[0] / (tasks[task] as readonly [number, number])[1]));
}

function seriesOf(runs: readonly RunDigest[], candidate: string | null, metric: TrendMetricName, of: (run: RunDigest) => Estimate | null): Tested {
  const told = runs.flatMap((run) => {
    const estimate = of(run);
    return estimate === null || estimate.value === null ? [] : [{ run, estimate, value: estimate.value }];
  });
  const points = told.map(({ run, estimate }) => ({ run: run.run, createdAt: run.createdAt, policy: run.policy.id, estimate }));
  const found =
    TREND_METRICS[metric].heldBy === "task"
      ? null
      : seriesChange(
          told.map(({ value }) => value),
          seedOf(candidate, metric),
        );
  return { candidate, metric, points, runs: told.map(({ run }) => run), found };
}

/** The same history says the same, whoever looks and when. */
const seedOf = (candidate: string | null, metric: string): string => `trend/${candidate ?? ""}/${metric}`;

interface ChangeTerms {
  readonly alpha: number;
  readonly group: string;
  readonly baselines: readonly BaselineEntry[];
}

function withChanges(tested: readonly Tested[], terms: ChangeTerms): readonly TrendSeries[] {
  const having = tested.flatMap(({ found }, index) => (found === null ? [] : [{ index, p: found.p }]));
  const adjusted = holmAdjusted(having.map(({ p }) => p));
  const byIndex = new Map(having.map(({ index }, place) => [index, adjusted[place] ?? 1]));
  return tested.map(({ candidate, metric, points, runs, found }, index) => ({
    candidate,
    metric,
    points,
    change: found === null ? null : changeOf({ candidate, metric, runs, found }, byIndex.get(index) ?? 1, terms),
  }));
}

type Found = Pick<Tested, "candidate" | "metric" | "runs"> & { readonly found: ChangePoint };

function changeOf({ candidate, metric, runs, found }: Found, adjustedP: number, { alpha, group, baselines }: ChangeTerms): TrendChange {
  const [last, first] = [runs[found.at - 1] as RunDigest, runs[found.at] as RunDigest];
  const known = acknowledgementOf(baselines, { group, candidate, since: first.createdAt });
  const isLower = found.after < found.before;
  return {
    run: first.run,
    createdAt: first.createdAt,
    before: found.before,
    after: found.after,
    p: found.p,
    adjustedP,
    isSignificant: adjustedP <= alpha,
    direction: isLower === (TREND_METRICS[metric].worse === "lower") ? "worse" : "better",
    acknowledged: known && { by: known.by, at: known.at, reason: known.reason },
    differences: runDifferences(last, first, candidate),
  };
}
