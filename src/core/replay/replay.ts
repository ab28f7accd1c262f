// Replays a capsule trial by trial, level by level: what its own record, its policy and its suite prove about it.
import type { EventLine, Header } from "../capsule/line.ts";
import type { CalibrationTrial, RunReader, TrialRecord } from "../capsule/record.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { TrialEvent } from "../trial/event.ts";
import { attribute } from "./attribution.ts";
import { type LevelFacts, runChecks, type TrialView } from "./check.ts";
import { type Decide, decideAgain } from "./decide.ts";
import { Evidence, type TextSource } from "./evidence.ts";
import {
  type AttributedFinding,
  type FileFault,
  type Finding,
  Ledger,
  LEVEL_NAMES,
  type LevelName,
  type LevelResult,
  levelStatus,
  type Reexecution,
} from "./levels/level.ts";
import { LEVELS } from "./levels/levels.ts";
import { FindingTally, type GapGroup, GapTally } from "./levels/tally.ts";
import { calibrationParts, calibrationRecord, countedSeparately } from "./planted.ts";
import { scenesOf } from "./scene.ts";
import { type Step, stepsOf } from "./step.ts";
import { readStoredSnapshot } from "./stored-snapshot.ts";
import type { AppliedDiff } from "../trial/answer-outcome.ts";
import { trialPlan } from "../trial/plan.ts";
import type { VerifiedTrees } from "./verified-trees.ts";

export interface ReplayInput extends LevelFacts {
  readonly header: Header;
  /** The run's trials again, for what only all of them together can tell. */
  readonly trials: RunReader["trials"];
  readonly texts: TextSource;
  /** What verification of the file found. */
  readonly faults: readonly FileFault[];
  /** Was the text left out of an export on purpose? */
  readonly withheld: (hash: string) => boolean;
  /** Takes out what the run took out of a text before it was hashed. */
  readonly scrub: (text: string) => string;
  /** What all events of the run say of which tree was verified as what. */
  readonly verified: VerifiedTrees;
  /** The version of this program. */
  readonly version: string;
  /** The levels whose checks are made; all where it is not said. */
  readonly levels?: readonly LevelName[];
  /** Another router than the live one: for tests of what a changed one leads to. */
  readonly decide?: Decide;
}

/** Unified diffs among a trial's answers, applied: by task and answer. */
export type Diffs = ReadonlyMap<string, AppliedDiff>;

/** Is shown trials in plan order, each once, then the calibration trials; holds no more of them than its findings. */
export interface Replayer {
  trial(trial: TrialRecord, diffs: Diffs): void;
  calibration(trial: CalibrationTrial, diffs: Diffs): void;
  end(): Replay;
}

export interface Replay {
  readonly levels: readonly LevelResult[];
  /** The first ones, in the order of the run; the very first is where it went apart. */
  readonly findings: readonly AttributedFinding[];
  readonly findingCount: number;
  readonly gaps: readonly GapGroup[];
  /** Steps that a gap keeps from being reconstructed in full. */
  readonly gapSteps: number;
}

/** What verification of the file itself counts as. */
const FILE = "seal, hashes and order";

export function openReplay(input: ReplayInput): Replayer {
  const ledger = new Ledger();
  const [findings, gaps] = [new FindingTally(), new GapTally()];
  const rerun = byTrial(input.reexecution);
  /** Takes what was found about one trial, or about the run as a whole. */
  const close = (trial: string | null, events: readonly EventLine[]): void => {
    const [found, again] = [ledger.take(), rerun.of(trial)];
    findings.add([...found.findings, ...again.findings]);
    gaps.add([...found.gaps, ...again.gaps], events);
  };
  for (const fault of input.faults) ledger.diverge(integrityFinding(fault));
  if (input.faults.length === 0) ledger.agree("integrity", FILE);
  close(null, []);
  const stored = readStoredSnapshot(input.texts.text(input.header.policy.snapshot_hash));
  const check = stored.ok ? openChecks(input, stored.snapshot, ledger) : unreadable(stored.fault, ledger);
  return {
    trial: (trial, diffs) => {
      check.trial(trial, diffs);
      close(trial.id, trial.events);
    },
    calibration: (trial, diffs) => {
      check.calibration(trial, diffs);
      close(trial.id, trial.events);
    },
    end: () => ({
      levels: LEVEL_NAMES.map((name, number) => levelResult(name, number, input, ledger)),
      findings: attribute(findings.kept, {
        versions: { recorded: input.header.bakeoff_version, now: input.version },
        signature: input.signature,
        trials: input.trials,
        planOf: (trial) => trialPlan(input.header, trial),
        agreedOf: ({ level, kind }) => ledger.countsOf(level).find(({ what }) => what === kind)?.agreed ?? 0,
      }),
      findingCount: findings.count,
      gaps: gaps.list(),
      gapSteps: gaps.steps,
    }),
  };
}

type Checks = Pick<Replayer, "trial" | "calibration">;

/** Without its policy hardly anything of a run can be worked out again. */
function unreadable(reason: string, ledger: Ledger): Checks {
  const lacking = LEVEL_NAMES.filter((name) => LEVELS[name].needsPolicy);
  const say = ({ id }: { readonly id: string }): void => {
    for (const level of lacking) ledger.gap("trials", { level, trial: id, seq: null, reason });
  };
  return { trial: say, calibration: say };
}

function openChecks(input: ReplayInput, snapshot: PolicySnapshot, ledger: Ledger): Checks {
  const { header, withheld, scrub, verified, decide = decideAgain } = input;
  const evidence = new Evidence(input.texts);
  const levels = (input.levels ?? LEVEL_NAMES).map((name) => ({ name, checks: LEVELS[name].checks({ header, snapshot, decide }) }));
  const planted = levels.map(({ name, checks }) => ({ name, checks: checks.planted.map(countedSeparately) }));
  const scenes = scenesOf(input.suite, snapshot.policy.prompt);
  const viewOf = (trial: TrialRecord, steps: readonly Step[], diffs: Diffs): TrialView => {
    const positions = new Map<TrialEvent, number>(trial.events.map((line) => [line.payload, line.seq]));
    const scene = scenes(trial.task.id);
    const events = steps.flatMap((step) => step.events);
    return { header, snapshot, trial, steps, events, evidence, scene, diffs, withheld, scrub, verified, seqOf: (event) => positions.get(event) ?? 0 };
  };
  return {
    trial: (trial, diffs) => {
      const view = viewOf(trial, stepsOf(trial.events), diffs);
      for (const { name, checks } of levels) runChecks(name, checks.trials, view, ledger);
    },
    calibration: (trial, diffs) => {
      const record = calibrationRecord(header, trial);
      if (!record) return;
      const view = viewOf(record, calibrationParts(record.events), diffs);
      for (const { name, checks } of planted) runChecks(name, checks, view, ledger);
    },
  };
}

/** What running cargo again found, by trial; null is the run as a whole. */
function byTrial(reexecution: Reexecution | undefined) {
  const { findings, gaps } = reexecution ?? { findings: [], gaps: [] };
  return {
    of: (trial: string | null) => ({ findings: findings.filter((one) => one.trial === trial), gaps: gaps.filter((one) => one.trial === trial) }),
  };
}

function integrityFinding({ check, fault }: FileFault): Finding {
  const cause = check.startsWith("policy") ? "policy" : "record";
  return { level: "integrity", check, kind: FILE, what: fault, recorded: null, redone: null, cause, trial: null, seq: null };
}

function levelResult(name: LevelName, number: number, input: ReplayInput, common: Ledger): LevelResult {
  const { sentence, outcome } = LEVELS[name];
  const asked = outcome(input);
  const facts = { level: number, name, sentence };
  if (asked === null) return { ...facts, status: "not-checked", counts: [], notes: [] };
  const ledger = asked.ledger ?? common;
  const counts = ledger.countsOf(name);
  return { ...facts, status: levelStatus(counts, ledger.hasDiverged(name)), counts, notes: asked.notes };
}
