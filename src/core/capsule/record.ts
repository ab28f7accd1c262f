// A run as its capsule records it: the header and each planned trial's folded state. Reports and metrics read only this.
import { foldTrial, type TrialState } from "../trial/fold.ts";
import type { EventLine, Header, TaskFacts } from "./line.ts";

export interface TrialRecord {
  readonly id: string;
  readonly candidate: string;
  readonly task: TaskFacts;
  /** 1-based. */
  readonly epoch: number;
  readonly state: TrialState;
  readonly events: readonly EventLine[];
}

export interface RunRecord {
  readonly header: Header;
  /** In plan order; a trial that has not begun has no events. */
  readonly trials: readonly TrialRecord[];
  /** Events of the whole run, in order. */
  readonly runEvents: readonly EventLine[];
  /** Events of calibration trials (`calibration/<task>/<plant>-<epoch>`), which belong to no candidate: by trial, in order. */
  readonly calibration: readonly EventLine[];
}

/** A run that can be iterated repeatedly, one trial at a time, so that a capsule of any size can be read. */
export interface RunReader {
  readonly header: Header;
  readonly runEvents: readonly EventLine[];
  /** In plan order. Throws `integrity` if a trial's events do not fit together. */
  trials(): Iterable<TrialRecord>;
  /** By their ids, in order. */
  calibrationTrials(): Iterable<CalibrationTrial>;
}

/** A calibration trial: a patch of known quality, and what the Judge and the critic said about it. */
export interface CalibrationTrial {
  readonly id: string;
  readonly events: readonly EventLine[];
}

const CALIBRATION = "calibration/";

/** Is this the id of a calibration trial? */
export const isCalibrationId = (trial: string | null): trial is string => trial?.startsWith(CALIBRATION) ?? false;

/** The id of a calibration trial; no candidate's trial ends like one, whatever the candidate's name. */
export const calibrationTrialId = (task: string, plant: string, epoch: number): string => `${CALIBRATION}${task}/${plant}-${epoch}`;

/** Is it a calibration trial of one of this run's tasks and epochs? */
export function isCalibrationTrial(header: Pick<Header, "epochs" | "tasks">, trial: string | null): boolean {
  const [, task, epoch] = /^calibration\/([^/]+)\/[a-z-]+-(\d{1,9})$/.exec(trial ?? "") ?? [];
  return task !== undefined && Number(epoch) >= 1 && Number(epoch) <= header.epochs && header.tasks.some(({ id }) => id === task);
}

export interface PlannedTrial {
  readonly id: string;
  readonly candidate: string;
  readonly task: TaskFacts;
  readonly epoch: number;
}

/** The order in which trials are planned, run and sealed: epoch, then task, then candidate, so that candidates interleave. */
export const plannedTrials = (header: Pick<Header, "epochs" | "tasks" | "candidates">): readonly PlannedTrial[] => [...eachPlanned(header)];

/** The same one by one: a large run has more of them than anybody need hold. */
export function* eachPlanned({ epochs, tasks, candidates }: Pick<Header, "epochs" | "tasks" | "candidates">): Generator<PlannedTrial> {
  for (let epoch = 1; epoch <= epochs; epoch += 1)
    for (const task of tasks) for (const { name } of candidates) yield { id: `${name}/${task.id}/${epoch}`, candidate: name, task, epoch };
}

/** The one at this place in the plan, from 0; null beyond it. */
export function plannedAt({ epochs, tasks, candidates }: Pick<Header, "epochs" | "tasks" | "candidates">, rank: number): PlannedTrial | null {
  const item = Math.floor(rank / candidates.length);
  const epoch = Math.floor(item / tasks.length) + 1;
  const [task, candidate] = [tasks[item % tasks.length], candidates[rank % candidates.length]];
  if (rank < 0 || epoch > epochs || task === undefined || candidate === undefined) return null;
  return { id: `${candidate.name}/${task.id}/${epoch}`, candidate: candidate.name, task, epoch };
}

/** Folds event lines, in any order between trials, into the run's record. */
export function foldRun(header: Header, lines: readonly EventLine[]): RunRecord {
  const byTrial = new Map<string | null, EventLine[]>();
  for (const line of lines) {
    const group = byTrial.get(line.trial);
    if (group) group.push(line);
    else byTrial.set(line.trial, [line]);
  }
  const inOrder = (trial: string | null) => (byTrial.get(trial) ?? []).toSorted((a, b) => a.seq - b.seq);
  const trials = plannedTrials(header).map((planned) => foldRecord(planned, inOrder(planned.id)));
  const planned = new Set<string | null>(trials.map(({ id }) => id));
  const planted = [...byTrial.keys()].filter((trial) => isCalibrationId(trial) && !planned.has(trial)).toSorted();
  return { header, trials, runEvents: inOrder(null), calibration: planted.flatMap(inOrder) };
}

/** A planned trial with its events, in order, folded. */
export function foldRecord(planned: PlannedTrial, events: readonly EventLine[]): TrialRecord {
  return { ...planned, events, state: foldTrial(events.map((line) => line.payload)) };
}
