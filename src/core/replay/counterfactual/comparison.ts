// Two capsules side by side on the tasks they share, paired by task.
import type { Header } from "../../capsule/line.ts";
import { clopperPearson, type Estimate } from "../../metrics/statistics/interval.ts";
import { clusteredQuantile } from "../../metrics/statistics/clustered-quantile.ts";
import { attemptTime, workingMs } from "../../metrics/summary/attempt-time.ts";
import { groupBy, inSlot, trialRate } from "../../metrics/summary/rate.ts";
import type { TrialFacts } from "../../metrics/summary/trial.ts";

export interface Arm {
  readonly candidate: string;
  /** Any slot attempt passed; the shared tasks on which the slot was tried in both runs. */
  readonly slotPass: Estimate;
  /** Milliseconds of slot attempts: call and verification. */
  readonly attemptP50: Estimate;
}

export interface ArmPair {
  readonly a: Arm;
  readonly b: Arm;
  readonly tasks: number;
  /** Tasks on which one is better than the other: by the share of passes, where there are epochs. */
  readonly aBetter: readonly string[];
  readonly bBetter: readonly string[];
  /** Of the tasks on which they differ, the share on which the first is better; its interval is exact. */
  readonly aShare: Estimate;
}

export interface Comparison {
  readonly runs: { readonly a: string; readonly b: string };
  /** What the runs were not the same in. */
  readonly differences: readonly { readonly what: string; readonly a: string; readonly b: string }[];
  readonly sharedTasks: number;
  /** Tasks of the same id with another content: not compared. */
  readonly changedTasks: readonly string[];
  readonly pairs: readonly ArmPair[];
}

/** A run as far as it is compared. */
export interface ComparedRun {
  readonly header: Header;
  readonly trials: readonly TrialFacts[];
}

export function compareRuns(a: ComparedRun, b: ComparedRun): Comparison {
  const digests = new Map(b.header.tasks.map(({ id, digest }) => [id, digest]));
  const common = a.header.tasks.filter(({ id }) => digests.has(id));
  const shared = new Set(common.filter(({ id, digest }) => digests.get(id) === digest).map(({ id }) => id));
  return {
    runs: { a: a.header.run_id, b: b.header.run_id },
    differences: differences(a.header, b.header),
    sharedTasks: shared.size,
    changedTasks: common.filter(({ id }) => !shared.has(id)).map(({ id }) => id),
    pairs: pairsOf(a.header, b.header).map(([first, second]) => pair(slotTrials(a, first, shared), slotTrials(b, second, shared), first, second)),
  };
}

/** Candidates of the same name; where none is shared and each run has one, those two. */
function pairsOf(a: Header, b: Header): readonly (readonly [string, string])[] {
  const others = new Set(b.candidates.map(({ name }) => name));
  const shared = a.candidates.filter(({ name }) => others.has(name)).map(({ name }) => [name, name] as const);
  const [first, ...othersOfA] = a.candidates;
  const [second, ...othersOfB] = b.candidates;
  if (first === undefined || second === undefined || othersOfA.length > 0 || othersOfB.length > 0) return shared;
  return [[first.name, second.name]];
}

const slotTrials = ({ trials }: ComparedRun, candidate: string, tasks: ReadonlySet<string>): readonly TrialFacts[] =>
  inSlot(trials.filter((trial) => trial.candidate === candidate && tasks.has(trial.task.id)));

function pair(a: readonly TrialFacts[], b: readonly TrialFacts[], first: string, second: string): ArmPair {
  const [meansA, meansB] = [means(a), means(b)];
  const both = [...meansA.keys()].filter((task) => meansB.has(task));
  const lead = (task: string): number => Math.sign((meansA.get(task) ?? 0) - (meansB.get(task) ?? 0));
  const aBetter = both.filter((task) => lead(task) > 0).toSorted();
  const bBetter = both.filter((task) => lead(task) < 0).toSorted();
  const on = new Set(both);
  return {
    a: arm(
      first,
      a.filter(({ task }) => on.has(task.id)),
    ),
    b: arm(
      second,
      b.filter(({ task }) => on.has(task.id)),
    ),
    tasks: both.length,
    aBetter,
    bBetter,
    aShare: clopperPearson(aBetter.length, aBetter.length + bBetter.length),
  };
}

function arm(candidate: string, trials: readonly TrialFacts[]): Arm {
  const timed = trials.flatMap(({ slot, task }) => slot.map((attempt) => ({ cluster: task.id, time: attemptTime(attempt) })));
  return {
    candidate,
    slotPass: trialRate(trials, (trial) => trial.passedInSlot),
    attemptP50: clusteredQuantile(
      timed.flatMap(({ cluster, time }) => (time === null ? [] : [{ cluster, value: workingMs(time) }])),
      0.5,
    ),
  };
}

function means(trials: readonly TrialFacts[]): ReadonlyMap<string, number> {
  const perTask = groupBy(trials, (trial) => trial.task.id);
  return new Map([...perTask].map(([task, own]) => [task, own.filter((trial) => trial.passedInSlot).length / own.length]));
}

const facts = (header: Header): readonly (readonly [string, string])[] => [
  ["suite", `${header.suite.name} ${header.suite.version} (${header.suite.root.slice(0, 12)})`],
  ["policy", `${header.policy.id} (${header.policy.hash.slice(0, 12)})`],
  ["toolchain", `${header.toolchain.rustc}, ${header.toolchain.host}`],
  ["sandbox", header.sandbox],
  ["bakeoff", header.bakeoff_version],
  ["epochs", String(header.epochs)],
  ["capability", String(header.capability)],
  ["concurrency", `${header.concurrency.cargo} cargo, ${header.concurrency.model} model`],
];

function differences(a: Header, b: Header): Comparison["differences"] {
  const other = new Map(facts(b));
  return facts(a).flatMap(([what, value]) => (other.get(what) === value ? [] : [{ what, a: value, b: other.get(what) ?? "" }]));
}
