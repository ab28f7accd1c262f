// Replays a capsule, levels 0 to 3 and 5: what its own record, its policy and its suite prove about it.
import type { EventLine, Header, Seal } from "../capsule/line.ts";
import { foldRun, type RunRecord } from "../capsule/record.ts";
import type { TrialEvent } from "../router/event.ts";
import { repositoryOutline } from "../router/outline.ts";
import { brokenTree, mayEdit, type Suite, type Task } from "../suite/suite.ts";
import { ANSWER_CHECKS } from "./answer-check.ts";
import { attribute } from "./attribution.ts";
import { type AppliedDiff, type Check, runChecks, type Scene, type TrialView } from "./check.ts";
import { checkDecisions, type Decide, decideAgain } from "./decision.ts";
import { Evidence } from "./evidence.ts";
import {
  type AttributedFinding,
  type FileFault,
  type Finding,
  type Gap,
  Ledger,
  LEVELS,
  type LevelName,
  type LevelResult,
  levelResult,
  type SignatureStatus,
} from "./level.ts";
import { patchChecks } from "./patch-check.ts";
import { promptChecks } from "./prompt-check.ts";
import { RECORD_CHECKS, treeKey } from "./record-checks.ts";
import { stepsOf } from "./step.ts";
import { readSnapshot } from "./stored-snapshot.ts";
import { trialPlanOf } from "./trial-plan.ts";

export interface ReplayInput {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly seal: Seal | null;
  readonly blob: (hash: string) => string | null;
  /** What verification of the file found. */
  readonly faults: readonly FileFault[];
  readonly signature: SignatureStatus;
  /** The suite that the run names, or why it is not here. */
  readonly suite: Suite | string;
  /** What the notebook is asked about a task. */
  readonly question: (task: Task) => string;
  /** Unified diffs among the answers, applied: by task and answer. */
  readonly diffs: ReadonlyMap<string, AppliedDiff>;
  /** Was the text left out of an export on purpose? */
  readonly withheld: (hash: string) => boolean;
  /** Takes out what the run took out of a text before it was hashed. */
  readonly scrub: (text: string) => string;
  /** The version of this program. */
  readonly version: string;
  /** Another router than the live one: for tests of what a changed one leads to. */
  readonly decide?: Decide;
  /** What running cargo again found, where that was asked for. */
  readonly reexecution?: { readonly ledger: Ledger; readonly notes: readonly string[] };
}

export interface Replay {
  readonly record: RunRecord;
  readonly levels: readonly LevelResult[];
  /** In the order of the run; the first one is where it went apart. */
  readonly findings: readonly AttributedFinding[];
  readonly gaps: readonly Gap[];
  /** Steps that a gap keeps from being reconstructed in full. */
  readonly gapSteps: number;
}

export function replayCapsule(input: ReplayInput): Replay {
  const record = foldRun(input.header, input.events);
  const ledger = new Ledger();
  for (const fault of input.faults) ledger.diverge(integrityFinding(fault));
  if (input.faults.length === 0) ledger.agree("integrity", FILE);
  const stored = readSnapshot(input.blob(input.header.policy.snapshot_hash));
  if (stored.ok) replayTrials(input, record, stored.snapshot, ledger);
  else
    for (const trial of record.trials)
      for (const { name } of LEVELS)
        if (name !== "integrity" && name !== "re-execution") ledger.gap("trials", { level: name, trial: trial.id, seq: null, reason: stored.fault });
  const all = [...ledger.findings, ...(input.reexecution?.ledger.findings ?? [])];
  const findings = attribute(inRunOrder(record, all), {
    versions: { recorded: input.header.bakeoff_version, now: input.version },
    signature: input.signature,
    trials: record.trials,
    planOf: (trial) => trialPlanOf(input.header, trial),
    agreedOf: ({ level, kind }) => ledger.countsOf(level).find(({ what }) => what === kind)?.agreed ?? 0,
  });
  const gaps = [...ledger.gaps, ...(input.reexecution?.ledger.gaps ?? [])];
  return { record, levels: levelsOf(input, ledger), findings, gaps, gapSteps: stepsIn(record, gaps) };
}

/** Distinct steps; a gap without a place of its own counts as one. */
function stepsIn(record: RunRecord, gaps: readonly Gap[]): number {
  if (gaps.length === 0) return 0;
  const steps = new Map<string, string>(record.trials.flatMap(({ id, events }) => events.map(({ seq, step }) => [`${id} ${seq}`, `${id} ${step}`] as const)));
  return new Set(gaps.map(({ trial, seq }) => steps.get(`${trial ?? ""} ${seq ?? ""}`) ?? `${trial ?? ""} ?`)).size;
}

/** What verification of the file itself counts as. */
const FILE = "seal, hashes and order";

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

const levelOf = ({ level }: Finding): number => LEVELS.findIndex(({ name }) => name === level);

/** Trial after trial as planned, each from its beginning. */
function inRunOrder(record: RunRecord, findings: readonly Finding[]): readonly Finding[] {
  const rank = new Map<string | null, number>([[null, -1], ...record.trials.map(({ id }, index) => [id, index] as const)]);
  return findings.toSorted((a, b) => (rank.get(a.trial) ?? 0) - (rank.get(b.trial) ?? 0) || (a.seq ?? -1) - (b.seq ?? -1) || levelOf(a) - levelOf(b));
}

function replayTrials(input: ReplayInput, record: RunRecord, snapshot: TrialView["snapshot"], ledger: Ledger): void {
  const evidence = new Evidence(input.blob);
  const checks: readonly Check[] = [...RECORD_CHECKS, ...promptChecks(new Map()), ...patchChecks(), ...ANSWER_CHECKS];
  const scenes = scenesOf(input, snapshot.policy.prompt.map_tokens);
  const verified = verifiedTrees(input.events);
  for (const trial of record.trials) {
    const positions = new Map<TrialEvent, number>(trial.events.map((line) => [line.payload, line.seq]));
    const at: TrialView = {
      header: input.header,
      snapshot,
      trial,
      steps: stepsOf(trial.events),
      evidence,
      scene: scenes(trial.task.id),
      diffs: input.diffs,
      withheld: input.withheld,
      scrub: input.scrub,
      verified,
      seqOf: (event) => positions.get(event) ?? 0,
    };
    runChecks(checks, at, ledger);
    checkDecisions({ trial, plan: trialPlanOf(input.header, trial), snapshot, decide: input.decide ?? decideAgain, ledger });
  }
}

/** What the suite says of each task, worked out when it is first asked for. */
function scenesOf({ suite, question }: ReplayInput, mapTokens: number): (task: string) => Scene | string {
  if (typeof suite === "string") return () => suite;
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  const outlines = new Map<string, string>();
  const scenes = new Map<string, Scene>();
  return (id) => {
    const task = tasks.get(id);
    if (!task) return `the suite has no task ${id}`;
    const outline = outlines.get(task.base.digest) ?? repositoryOutline(task.base, suite.tasks, mapTokens);
    outlines.set(task.base.digest, outline);
    const scene = scenes.get(id) ?? { task, tree: brokenTree(task), outline, question: question(task), mayEdit: mayEdit(task) };
    scenes.set(id, scene);
    return scene;
  };
}

/** From all events, planned trials or not: what any attempt of the run found out, another may have reused. */
function verifiedTrees(events: readonly EventLine[]): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, string[]>();
  const running = new Map<string | null, string>();
  for (const { payload, trial, spec_id: task } of events) {
    if (payload.type === "ToolCall") running.set(trial, payload.tree_hash);
    const tree = running.get(trial);
    if (payload.type !== "ToolResult" || payload.reused || tree === undefined) continue;
    const key = treeKey(task ?? "", tree);
    const hashes = known.get(key) ?? [];
    known.set(key, hashes);
    if (!hashes.includes(payload.output_hash)) hashes.push(payload.output_hash);
  }
  return known;
}
