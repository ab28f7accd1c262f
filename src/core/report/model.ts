// The content of every report of a run, before layout: notices, what was run, figures and trials.
import { type CalibrationRates, calibrationRates, plantedIn } from "../metrics/calibration.ts";
import { BEYOND_PROOF, type BeyondProof } from "../capsule/proof/beyond-proof.ts";
import type { Header } from "../capsule/line.ts";
import { observedPolicies } from "../capsule/observed-policy.ts";
import type { RunRecord, TrialRecord } from "../capsule/record.ts";
import { familiesOf } from "../capsule/plan/task-family.ts";
import { reportedRate, tally } from "../metrics/summary/rate.ts";
import { type RunSummary, summariseTrials } from "../metrics/summary/summary.ts";
import { withTreeTimes } from "../metrics/summary/attempt-time.ts";
import { reusedAnswers } from "../metrics/summary/reused.ts";
import { type TrialFacts, trialFacts } from "../metrics/summary/trial.ts";
import { type WorkerSummary, WorkerTally } from "../metrics/summary/workers.ts";
import { driftWarnings } from "./drift.ts";
import { counted } from "./format.ts";
import { type RoutingCount, RoutingTally } from "./routing.ts";
import { workerCaveats } from "../metrics/summary/worker-caveats.ts";
import { type TrialRow, trialRow } from "./trial-row.ts";

const REPORT_FORMAT = 1;

/** Who plays a role in this run. */
export interface RoleBinding {
  readonly role: string;
  readonly provider: string;
  readonly model: string;
  readonly standIn: string | null;
}

/** What was run. Two runs of the same thing agree in all of this. */
export interface RunIdentity {
  readonly bakeoffVersion: string;
  readonly suite: Header["suite"];
  readonly policy: { readonly id: string; readonly hash: string };
  readonly decisionRegisterHash: string | null;
  readonly toolchain: Header["toolchain"];
  readonly sandbox: Header["sandbox"];
  readonly epochs: number;
  readonly capability: boolean;
  readonly seed: number;
  readonly concurrency: Header["concurrency"];
  readonly roles: readonly RoleBinding[];
}

/** What a model server reported about itself when it was first asked. */
export interface ServerState {
  readonly provider: string;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** Key order is the order of the JSON report. Everything measured by a clock is under a key `timings`. */
export interface ReportModel {
  readonly format: typeof REPORT_FORMAT;
  readonly title: string;
  /** Roles that an embedded stand-in plays. */
  readonly standIns: readonly RoleBinding[];
  readonly warnings: readonly string[];
  /** Candidates of the policy that were not run. */
  readonly leftOut: Header["left_out"];
  /** Besides `timings`, the only facts in which two runs with the same outcome differ. */
  readonly run: { readonly id: string; readonly createdAt: string };
  readonly identity: RunIdentity;
  /** Those that reported what they have loaded; absent if none did. */
  readonly servers?: readonly ServerState[];
  readonly summary: RunSummary;
  /** Model calls, calibration included, that were answered as an earlier one had been; absent if none was. */
  readonly reusedAnswers?: number;
  /** Of the queue that carried the trials out; absent where this process did. */
  readonly workers?: readonly WorkerSummary[];
  /** How often each model served a role, and why it was chosen. */
  readonly routing: readonly RoutingCount[];
  /** Null if no patch of known quality was planted. */
  readonly calibration: CalibrationRates | null;
  /** Members of the capsule that only a signature vouches for, by part. */
  readonly beyondProof: BeyondProof;
  /** In plan order. */
  readonly trials: readonly TrialRow[];
}

/** What a report says of its run as a whole: it does not grow with the trials. */
export type ReportFigures = Omit<ReportModel, "trials">;

/** A run as its report reads it: trial after trial, so that one of any size can be reported. */
export type ReportedRun = Pick<RunRecord, "header" | "runEvents" | "calibration"> & { readonly trials: Iterable<TrialRecord> };

/** The content of a report of this run. A pure function of the record; `notices`: what its reader must know first. */
export function reportModel(run: ReportedRun, notices: readonly string[] = []): ReportModel {
  const { figures, facts } = reportFigures(run, notices);
  return { ...figures, trials: facts.map(trialRow) };
}

/** The same without a row a trial, and the facts that rows are made from: they are the most that is held of a large run. */
export function reportFigures(run: ReportedRun, notices: readonly string[] = []): { readonly figures: ReportFigures; readonly facts: readonly TrialFacts[] } {
  const { header } = run;
  const read: TrialFacts[] = [];
  const routing = new RoutingTally();
  const tallied = new WorkerTally();
  let reused = reusedAnswers(run.calibration);
  for (const trial of run.trials) {
    read.push(trialFacts(trial));
    routing.add(trial.events);
    reused += reusedAnswers(trial.events);
    tallied.add(trial);
  }
  const workers = tallied.list(run.runEvents);
  const facts = withTreeTimes(read);
  const head = reportHead(run, facts);
  const figures: ReportFigures = {
    format: REPORT_FORMAT,
    title: `Bakeoff of ${header.suite.name} ${header.suite.version}`,
    ...head,
    ...(reused === 0 ? {} : { reusedAnswers: reused }),
    ...(workers.length === 0 ? {} : { workers }),
    warnings: [...notices, ...reusedWarning(reused), ...head.warnings, ...workerCaveats(workers, tallied.groups(run.runEvents))],
    routing: routing.list(),
    calibration: run.calibration.length === 0 ? null : calibrationOf(run),
    beyondProof: BEYOND_PROOF,
  };
  return { figures, facts };
}

const reusedWarning = (reused: number): readonly string[] =>
  reused === 0
    ? []
    : [
        `${counted(reused, "model call")} answered from --answer-cache, as an earlier call had been: no time and no cost of them is in any figure, and no gate takes this run`,
      ];

/** As a gate has it: a judgement is one of a prompt, and the prompts of a family may be judged alike. */
function calibrationOf(run: ReportedRun): CalibrationRates {
  const families = familiesOf(run.header);
  return calibrationRates(plantedIn(run), (tallies) =>
    reportedRate(
      tallies.map((own) => ({ ...own, family: families(own.task) })),
      "tasks",
    ),
  );
}

/** What every report of a run states first. */
export function reportHead(
  run: Pick<RunRecord, "header" | "runEvents">,
  facts: readonly TrialFacts[],
): Pick<ReportModel, "standIns" | "warnings" | "leftOut" | "run" | "identity" | "servers" | "summary"> {
  const { header } = run;
  const identity = identityOf(header);
  return {
    standIns: standInsOf(header.bindings),
    warnings: [
      ...header.warnings,
      ...runErrors(run),
      ...observedPolicies(run),
      ...serverWarnings(run),
      ...breakerWarnings(run),
      ...callWarnings(facts),
      ...standingWarnings(facts),
      ...driftWarnings(facts),
    ],
    leftOut: header.left_out,
    run: { id: header.run_id, createdAt: header.created_at },
    identity,
    ...serverStates(run),
    summary: summariseTrials(header, facts),
  };
}

/** The roles that an embedded stand-in plays. */
export const standInsOf = (bindings: Header["bindings"]): readonly RoleBinding[] => roleBindings(bindings).filter(({ standIn }) => standIn !== null);

/** A stand-in as a sentence. */
export function standInText({ role, model, standIn }: RoleBinding): string {
  const instead = model === standIn ? "" : ` instead of ${model}`;
  return `stand-in: ${standIn} plays the ${role}${instead}; its results say nothing about a real model`;
}

function identityOf(header: Header): RunIdentity {
  return {
    bakeoffVersion: header.bakeoff_version,
    suite: header.suite,
    policy: { id: header.policy.id, hash: header.policy.hash },
    decisionRegisterHash: header.decision_register_hash,
    toolchain: header.toolchain,
    sandbox: header.sandbox,
    epochs: header.epochs,
    capability: header.capability,
    seed: header.seed,
    concurrency: header.concurrency,
    roles: roleBindings(header.bindings),
  };
}

function roleBindings(bindings: Header["bindings"]): readonly RoleBinding[] {
  return [
    { role: "Architect", ...bindings.architect },
    { role: "Implementer", ...bindings.implementer },
    { role: "Judge", ...bindings.judge },
    { role: "SidecarCritic", ...bindings.sidecarCritic },
    { role: "NotebookLM", ...bindings.notebook },
  ];
}

function runErrors({ runEvents }: Pick<RunRecord, "runEvents">): readonly string[] {
  return runEvents.flatMap(({ payload }) => (payload.type === "ErrorEvent" ? [`${payload.error_code}: ${payload.message}`] : []));
}

function serverStates({ runEvents }: Pick<RunRecord, "runEvents">): Pick<ReportModel, "servers"> {
  const told = runEvents.flatMap(({ payload }) =>
    payload.type === "ServerIdentity" && payload.worker === undefined && payload.facts !== null ? [{ provider: payload.provider, facts: payload.facts }] : [],
  );
  const first = told.filter(({ provider }, index) => told.findIndex((one) => one.provider === provider) === index);
  return first.length === 0 ? {} : { servers: first };
}

/** Servers that changed during the run, or could not report what they are. */
function serverWarnings({ runEvents }: Pick<RunRecord, "runEvents">): readonly string[] {
  return runEvents.flatMap(({ payload }) => {
    if (payload.type !== "ServerIdentity" || payload.worker !== undefined) return [];
    if (payload.error !== null) return [`server ${payload.provider} could not say what it has loaded: ${payload.error}`];
    return payload.changed.length > 0 ? [`server ${payload.provider} changed during the run: ${payload.changed.join(", ")}`] : [];
  });
}

/** Servers that were taken out of service for a while, so that their calls went elsewhere. */
function breakerWarnings({ runEvents }: Pick<RunRecord, "runEvents">): readonly string[] {
  const opened = runEvents.flatMap(({ payload }) => (payload.type === "BreakerStateChanged" && payload.current_state === "Open" ? [payload] : []));
  return tally(opened.map(({ breaker_id: id }) => id)).map(({ key, count }) => {
    const why = opened.find(({ breaker_id: id }) => id === key)?.reason ?? "";
    return `the breaker of ${key} opened${count > 1 ? ` ${count} times` : ""} (${why}): while it was open, trials went to the cloud Implementer instead`;
  });
}

/** Failed calls of a candidate's own slot, by kind of failure; retries count as calls. */
function callWarnings(facts: readonly TrialFacts[]): readonly string[] {
  return [...new Set(facts.map(({ candidate }) => candidate))].flatMap((candidate) => {
    const calls = facts.filter((trial) => trial.candidate === candidate).flatMap((trial) => trial.slotCalls);
    const failures = calls.flatMap((call) => (call.success || call.failure === null ? [] : [call.failure]));
    if (failures.length === 0) return [];
    const named = tally(failures).map(({ key, count }) => `${key} ${count}`);
    return [`${candidate}: ${failures.length} of ${counted(calls.length, "model call")} failed: ${named.join(", ")}`];
  });
}

function standingWarnings(facts: readonly TrialFacts[]): readonly string[] {
  const having = (standing: TrialFacts["standing"]): number => facts.filter((trial) => trial.standing === standing).length;
  const unfinished = having("unfinished");
  const infrastructure = having("infrastructure");
  const unasked = having("unasked");
  return [
    ...(unfinished > 0 ? [`${counted(unfinished, "trial")} of ${facts.length} not finished and in no rate; resume the run to complete them`] : []),
    ...(infrastructure > 0 ? [`${counted(infrastructure, "trial")} of ${facts.length} lost to failures of the harness and in no rate`] : []),
    ...(unasked > 0 ? [`${counted(unasked, "trial")} of ${facts.length} never asked the candidate, whose server's breaker was open, and in no rate`] : []),
  ];
}
