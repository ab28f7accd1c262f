// Replays a capsule trial by trial, levels 0 to 3 and 5: what its own record, its policy and its suite prove about it.
import type { EventLine, Header } from "../capsule/line.ts";
import type { CalibrationTrial, RunReader, TrialRecord } from "../capsule/record.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { TrialEvent } from "../trial/event.ts";
import type { Suite } from "../suite/suite.ts";
import { ANSWER_CHECKS } from "./levels/answers.ts";
import { attribute } from "./attribution.ts";
import { calibrationChecks, calibrationParts, calibrationRecord } from "./levels/calibration.ts";
import { type Check, runChecks, type TrialView } from "./check.ts";
import type { AppliedDiff } from "../trial/answer-outcome.ts";
import { checkDecisions, type Decide, decideAgain } from "./levels/decisions.ts";
import { Evidence, type TextSource } from "./evidence.ts";
import {
  type AttributedFinding,
  type FileFault,
  type Finding,
  Ledger,
  LEVELS,
  type LevelName,
  type LevelResult,
  levelResult,
  type SignatureStatus,
} from "./levels/level.ts";
import { patchChecks } from "./levels/patches.ts";
import { promptChecks } from "./levels/prompts.ts";
import { RECORD_CHECKS } from "./levels/record.ts";
import type { Reexecution } from "./levels/reexecution.ts";
import { scenesOf } from "./scene.ts";
import { type Step, stepsOf } from "./step.ts";
import { readSnapshot } from "./stored-snapshot.ts";
import { FindingTally, type GapGroup, GapTally } from "./levels/tally.ts";
import { trialPlan } from "../trial/plan.ts";
import type { VerifiedTrees } from "./verified-trees.ts";

export interface ReplayInput {
  readonly header: Header;
  /** The run's trials again, for what only all of them together can tell. */
  readonly trials: RunReader["trials"];
  readonly texts: TextSource;
  /** What verification of the file found. */
  readonly faults: readonly FileFault[];
  readonly signature: SignatureStatus;
  /** The suite that the run names, or why it is not here. */
  readonly suite: Suite | string;
  /** Was the text left out of an export on purpose? */
  readonly withheld: (hash: string) => boolean;
  /** Takes out what the run took out of a text before it was hashed. */
  readonly scrub: (text: string) => string;
  /** What all events of the run say of which tree was verified as what. */
  readonly verified: VerifiedTrees;
  /** The version of this program. */
  readonly version: string;
  /** Another router than the live one: for tests of what a changed one leads to. */
  readonly decide?: Decide;
  /** What running cargo again found, where that was asked for. */
  readonly reexecution?: Reexecution;
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
  const stored = readSnapshot(input.texts.text(input.header.policy.snapshot_hash));
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
      levels: levelsOf(input, ledger),
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

/** Without its policy nothing of a run can be worked out again. */
function unreadable(reason: string, ledger: Ledger): Checks {
  const say = ({ id }: { readonly id: string }): void => {
    for (const { name } of LEVELS) if (name !== "integrity" && name !== "re-execution") ledger.gap("trials", { level: name, trial: id, seq: null, reason });
  };
  return { trial: say, calibration: say };
}

function openChecks(input: ReplayInput, snapshot: PolicySnapshot, ledger: Ledger): Checks {
  const evidence = new Evidence(input.texts);
  const checks: readonly Check[] = [...RECORD_CHECKS, ...promptChecks(), ...patchChecks(), ...ANSWER_CHECKS];
  const planted = calibrationChecks(input.header, snapshot, checks);
  const scenes = scenesOf(input.suite, snapshot.policy.prompt.map_tokens);
  const viewOf = (trial: TrialRecord, steps: readonly Step[], diffs: Diffs): TrialView => {
    const positions = new Map<TrialEvent, number>(trial.events.map((line) => [line.payload, line.seq]));
    const { header, withheld, scrub, verified } = input;
    const scene = scenes(trial.task.id);
    return { header, snapshot, trial, steps, evidence, scene, diffs, withheld, scrub, verified, seqOf: (event) => positions.get(event) ?? 0 };
  };
  return {
    trial: (trial, diffs) => {
      runChecks(checks, viewOf(trial, stepsOf(trial.events), diffs), ledger);
      checkDecisions({ trial, plan: trialPlan(input.header, trial), snapshot, decide: input.decide ?? decideAgain, ledger });
    },
    calibration: (trial, diffs) => {
      const record = calibrationRecord(input.header, trial);
      if (record) runChecks(planted, viewOf(record, calibrationParts(record.events), diffs), ledger);
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

function levelsOf({ signature, suite, reexecution }: ReplayInput, ledger: Ledger): readonly LevelResult[] {
  const notes: Partial<Record<LevelName, readonly string[]>> = {
    integrity: [signature.detail],
    ...(typeof suite === "string" ? { prompts: [suite], patches: [suite] } : {}),
  };
  return LEVELS.map(({ name }) =>
    name === "re-execution"
      ? levelResult(name, reexecution?.ledger ?? ledger, reexecution?.notes ?? [], reexecution !== undefined)
      : levelResult(name, ledger, notes[name] ?? []),
  );
}
