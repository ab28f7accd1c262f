// What is kept of a run to list it, to compare it and to follow it over time: figures and outcomes, without its events and texts.
import { hashOf } from "../../base/canonical.ts";
import type { EventLine, Header } from "../../capsule/line.ts";
import type { CalibrationRates } from "../../metrics/calibration.ts";
import { familyOf } from "../../capsule/plan/task-family.ts";
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { itemRate, type RatedItem } from "../../metrics/summary/rate.ts";
import type { CandidateSummary } from "../../metrics/summary/candidate.ts";
import type { ReportFigures, ServerState } from "../model.ts";
import type { TrialRow } from "../trial-row.ts";

export const DIGEST_FORMAT = 4;

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
  /** Who made the patches that the run only verified; null: it was a run of models. */
  readonly external: string | null;
  /** Model calls that were answered as an earlier one had been. */
  readonly reusedAnswers: number;
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

/** A pure function of the run's report, its header and its own events. Rows are gone through once. */
export function runDigest(figures: ReportFigures, rows: Iterable<TrialRow>, header: Header, runEvents: readonly EventLine[]): RunDigest {
  const { identity, summary, calibration } = figures;
  const counts = countRows(rows);
  return {
    format: DIGEST_FORMAT,
    run: figures.run.id,
    createdAt: figures.run.createdAt,
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
    standIns: figures.standIns.map(({ role, standIn }) => `${role}: ${standIn ?? ""}`),
    servers: figures.servers ?? [],
    warnings: figures.warnings,
    diagnosisOf: header.diagnosis_of ?? null,
    external: header.external?.agent ?? null,
    reusedAnswers: figures.reusedAnswers ?? 0,
    candidates: summary.candidates.map((candidate) => candidateDigest(candidate, counts.candidates.get(candidate.name) ?? NO_ROWS)),
    calibration: calibration && { falseUnlock: calibration.falseUnlock, falseBlock: calibration.falseBlock, criticBlocksGood: calibration.criticBlocksGood },
    breakersOpened: runEvents.filter(({ payload }) => payload.type === "BreakerStateChanged" && payload.current_state === "Open").length,
    trials: { planned: counts.planned, unfinished: counts.unfinished, infrastructure: counts.infrastructure },
  };
}

function candidateDigest({ name, provider, model, slot, final, escalated, json, calls, timings }: CandidateSummary, rows: CandidateRows): CandidateDigest {
  return {
    name,
    provider,
    model,
    pass: slot.pass,
    passAt1: slot.passAt1,
    final: final.rate,
    escalated,
    fallback: itemRate(rows.fallbacks),
    json: json.rate,
    attemptP50: timings.attempt.p50,
    attemptP95: timings.attempt.p95,
    costPerTrialUsd: calls.costUsd === null || rows.counted === 0 ? null : calls.costUsd / rows.counted,
    tasks: Object.fromEntries(rows.tasks),
  };
}

/** What a digest wants of a candidate's rows, of which a run may have a million. */
interface CandidateRows {
  counted: number;
  /** Low-risk trials that count: did another model serve? */
  readonly fallbacks: RatedItem[];
  readonly tasks: Map<string, readonly [passes: number, trials: number]>;
}

const noRows = (): CandidateRows => ({ counted: 0, fallbacks: [], tasks: new Map() });
const NO_ROWS: CandidateRows = noRows();

function countRows(rows: Iterable<TrialRow>) {
  const counts = { planned: 0, unfinished: 0, infrastructure: 0, candidates: new Map<string, CandidateRows>() };
  for (const row of rows) {
    counts.planned += 1;
    if (row.standing === "unfinished" || row.standing === "infrastructure") counts[row.standing] += 1;
    const own = counts.candidates.get(row.candidate) ?? noRows();
    counts.candidates.set(row.candidate, own);
    countRow(own, row);
  }
  return counts;
}

function countRow(own: CandidateRows, row: TrialRow): void {
  const { task, family, fellBack, risk, standing, slotPass } = row;
  if (standing === "counted") own.counted += 1;
  if (standing === "counted" && risk === "low") own.fallbacks.push({ task, family, holds: fellBack });
  if (!countsInRate(row)) return;
  const [passes, trials] = own.tasks.get(task) ?? [0, 0];
  own.tasks.set(task, [passes + (slotPass === true ? 1 : 0), trials + 1]);
}

/** A low-risk trial that the slot could win or lose, as in its pass rate. */
const countsInRate = ({ standing, risk, slotPass, outsidePolicy }: TrialRow): boolean =>
  standing === "counted" && risk === "low" && !outsidePolicy && slotPass !== null;
