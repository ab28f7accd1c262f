// What is kept of a run to list it, to compare it and to follow it over time: figures and outcomes, without its events and texts.
import { hashOf } from "../../base/canonical.ts";
import type { EventLine, Header } from "../../capsule/line.ts";
import type { CalibrationRates } from "../../metrics/calibration.ts";
import { familyOf } from "../../capsule/task-family.ts";
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { groupBy, itemRate } from "../../metrics/summary/rate.ts";
import type { CandidateSummary } from "../../metrics/summary/candidate.ts";
import type { ReportModel, ServerState } from "../model.ts";
import type { TrialRow } from "../trial-row.ts";

export const DIGEST_FORMAT = 2;

/** Passes of the slot and trials that count, by task. */
export type TaskOutcomes = Readonly<Record<string, readonly [passes: number, trials: number]>>;

export interface CandidateDigest {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  /** Of low-risk tasks, as the run's report has them. */
  readonly pass: Estimate;
  readonly passAt1: Estimate;
  readonly final: Estimate;
  readonly escalated: Estimate;
  /** Trials whose slot went to another model than the first in the policy's order, or to the cloud because its server was out. */
  readonly fallback: Estimate;
  readonly json: Estimate;
  /** Milliseconds. */
  readonly attemptP50: Estimate;
  readonly attemptP95: Estimate;
  /** US dollars of the slot's calls for a counted trial; null: unknown, or nothing was counted. */
  readonly costPerTrialUsd: number | null;
  readonly tasks: TaskOutcomes;
}

export interface RunDigest {
  readonly format: typeof DIGEST_FORMAT;
  readonly run: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly bakeoffVersion: string;
  readonly suite: Header["suite"];
  readonly policy: { readonly id: string; readonly hash: string };
  readonly toolchain: Header["toolchain"];
  readonly sandbox: string;
  /** Null: by one build that held all tests. */
  readonly verification: string | null;
  readonly epochs: number;
  readonly capability: boolean;
  /** The run of which it only repeats what failed or was lost; null: a run of its own. */
  readonly diagnosisOf: string | null;
  readonly concurrency: Header["concurrency"];
  readonly tasks: { readonly total: number; readonly lowRisk: number; readonly highRisk: number };
  /** The family of each low-risk task: those of one family may succeed and fail together. */
  readonly families: Readonly<Record<string, string>>;
  /** Hash over the ids and contents of its tasks: runs of the same tasks share it. */
  readonly taskSet: string;
  /** `ROLE: STAND-IN`, for each role that one plays. */
  readonly standIns: readonly string[];
  readonly servers: readonly ServerState[];
  readonly warnings: readonly string[];
  readonly candidates: readonly CandidateDigest[];
  readonly calibration: Pick<CalibrationRates, "falseUnlock" | "falseBlock" | "criticBlocksGood"> | null;
  /** How often a breaker opened. */
  readonly breakersOpened: number;
  readonly trials: { readonly planned: number; readonly unfinished: number; readonly infrastructure: number };
}

/** A pure function of the run's report, its header and its own events. */
export function runDigest(model: ReportModel, header: Header, runEvents: readonly EventLine[]): RunDigest {
  const { identity, summary, calibration } = model;
  const rows = groupBy(model.trials, ({ candidate }) => candidate);
  return {
    format: DIGEST_FORMAT,
    run: model.run.id,
    createdAt: model.run.createdAt,
    bakeoffVersion: identity.bakeoffVersion,
    suite: identity.suite,
    policy: identity.policy,
    toolchain: identity.toolchain,
    sandbox: identity.sandbox,
    verification: header.verification ?? null,
    epochs: identity.epochs,
    capability: identity.capability,
    concurrency: identity.concurrency,
    tasks: summary.tasks,
    families: Object.fromEntries(header.tasks.flatMap((task) => (task.risk === "low" ? [[task.id, familyOf(task)]] : []))),
    taskSet: hashOf(header.tasks.map(({ id, digest }) => [id, digest])),
    standIns: model.standIns.map(({ role, standIn }) => `${role}: ${standIn ?? ""}`),
    servers: model.servers ?? [],
    warnings: model.warnings,
    diagnosisOf: header.diagnosis_of ?? null,
    candidates: summary.candidates.map((candidate) => candidateDigest(candidate, rows.get(candidate.name) ?? [])),
    calibration: calibration && { falseUnlock: calibration.falseUnlock, falseBlock: calibration.falseBlock, criticBlocksGood: calibration.criticBlocksGood },
    breakersOpened: runEvents.filter(({ payload }) => payload.type === "BreakerStateChanged" && payload.current_state === "Open").length,
    trials: {
      planned: model.trials.length,
      unfinished: having(model.trials, "unfinished"),
      infrastructure: having(model.trials, "infrastructure"),
    },
  };
}

const having = (trials: readonly TrialRow[], standing: TrialRow["standing"]): number => trials.filter((trial) => trial.standing === standing).length;

function candidateDigest(
  { name, provider, model, slot, final, escalated, json, calls, timings }: CandidateSummary,
  rows: readonly TrialRow[],
): CandidateDigest {
  const counted = rows.filter(({ standing }) => standing === "counted").length;
  return {
    name,
    provider,
    model,
    pass: slot.pass,
    passAt1: slot.passAt1,
    final: final.rate,
    escalated,
    fallback: fallbackRate(rows),
    json: json.rate,
    attemptP50: timings.attempt.p50,
    attemptP95: timings.attempt.p95,
    costPerTrialUsd: calls.costUsd === null || counted === 0 ? null : calls.costUsd / counted,
    tasks: taskOutcomes(rows),
  };
}

function fallbackRate(rows: readonly TrialRow[]): Estimate {
  const counted = rows.filter(({ standing, risk }) => standing === "counted" && risk === "low");
  return itemRate(counted.map(({ task, family, fellBack }) => ({ task, family, holds: fellBack })));
}

const countsInRate = ({ standing, risk, slotPass, outsidePolicy }: TrialRow): boolean =>
  standing === "counted" && risk === "low" && !outsidePolicy && slotPass !== null;

/** Low-risk trials that the slot could win or lose, as in its pass rate. */
function taskOutcomes(rows: readonly TrialRow[]): TaskOutcomes {
  const tried = rows.filter(countsInRate);
  const perTask = [...groupBy(tried, ({ task }) => task)];
  return Object.fromEntries(perTask.map(([task, own]) => [task, [own.filter(({ slotPass }) => slotPass === true).length, own.length] as const]));
}
