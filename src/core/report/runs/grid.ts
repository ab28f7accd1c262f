// The grid of a run: its tasks with what stands out about each, and a cell for each candidate.
import type { Header, TaskFacts } from "../../capsule/line.ts";
import { familyOf } from "../../capsule/plan/task-family.ts";
import { groupBy } from "../../metrics/summary/rate.ts";
import { isControl, TRIAL_MARK_NAMES, type TrialMark } from "../trial/marks.ts";
import type { NumberedRow, TrialRow } from "../trial-row.ts";
import type { RunDigest } from "./digest.ts";

export interface GridTrial {
  /** In the plan, from 0: what its page is named by. */
  readonly number: number;
  readonly id: string;
  readonly epoch: number;
  /** Of the slot where it was tried, else of the trial's last attempt; null where neither counts. */
  readonly passed: boolean | null;
  readonly bySlot: boolean;
  readonly standing: TrialRow["standing"];
  readonly marks: readonly TrialMark[];
  readonly why: string | null;
}

export interface GridRow extends GridTask {
  /** One a candidate, in the run's order; the trials of its epochs. */
  readonly cells: readonly (readonly GridTrial[])[];
}

/** A task as it is found and sorted by. */
export interface GridTask {
  readonly task: string;
  readonly kind: string;
  readonly risk: string;
  readonly area: string;
  readonly family: string;
  readonly errorCodes: readonly string[];
  /** In the plan, from 0. */
  readonly place: number;
  /** How far down it is among what is worth a look. */
  readonly worth: number;
  readonly marks: readonly TrialMark[];
  /** Trials that their slots lost. */
  readonly lost: number;
}

/** What stands out in a run, and what it lost since the run before. */
export interface GridMarks {
  /** By trial id, without `regressed`. */
  readonly marks: ReadonlyMap<string, readonly TrialMark[]>;
  readonly regressed: Regressions;
}

/** By candidate, then task: trials that were lost where all were passed before. */
export type Regressions = ReadonlyMap<string, ReadonlyMap<string, number>>;

type OutcomesOfRun = Pick<RunDigest, "candidates">;

/** A slot that passed every time before and does not now. `before`: the run before it of the same tasks; null where there is none. */
export function regressedSince({ candidates }: OutcomesOfRun, before: OutcomesOfRun | null): Regressions {
  const then = new Map(before?.candidates.map(({ name, tasks }) => [name, tasks]));
  const lostOf = (name: string, [task, [passes, of]]: [string, readonly [number, number]]): readonly (readonly [string, number])[] => {
    const [passedThen, ofThen] = then.get(name)?.[task] ?? [0, 0];
    return ofThen > 0 && passedThen === ofThen && passes < of ? [[task, of - passes]] : [];
  };
  return new Map(candidates.map(({ name, tasks }) => [name, new Map(Object.entries(tasks).flatMap((own) => lostOf(name, own)))]));
}

/** How many trials have each mark, in the order of their names. */
export function markCounts({ marks, regressed }: GridMarks): readonly { readonly mark: TrialMark; readonly trials: number }[] {
  const counts = new Map<TrialMark, number>();
  for (const own of marks.values()) for (const mark of own) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  counts.set(
    "regressed",
    [...regressed.values()].flatMap((tasks) => [...tasks.values()]).reduce((sum, trials) => sum + trials, 0),
  );
  return TRIAL_MARK_NAMES.flatMap((mark) => ((counts.get(mark) ?? 0) > 0 ? [{ mark, trials: counts.get(mark) ?? 0 }] : []));
}

interface TaskTold {
  readonly marks: Set<TrialMark>;
  worth: number;
  lost: number;
}

/** Every task of the run, in its order. */
export function gridTasks({ tasks }: Pick<Header, "tasks">, { marks, regressed }: GridMarks): readonly GridTask[] {
  const told = new Map<string, TaskTold>();
  const take = (candidate: string, task: string, own: readonly TrialMark[]): void => {
    const known = told.get(task) ?? { marks: new Set(), worth: UNMARKED, lost: 0 };
    told.set(task, known);
    for (const mark of own) known.marks.add(mark);
    known.worth = Math.min(known.worth, ...own.map((mark) => (mark === "lost" && isControl(candidate) ? UNMARKED - 1 : TRIAL_MARK_NAMES.indexOf(mark))));
    if (own.includes("lost")) known.lost += 1;
  };
  for (const [id, own] of marks) take(...placeOf(id), own);
  for (const [candidate, lost] of regressed) for (const task of lost.keys()) take(candidate, task, ["regressed"]);
  return tasks.map((task, place) => gridTask(task, place, told.get(task.id)));
}

/** After all marks, and after what controls lose, which is known beforehand. */
const UNMARKED = TRIAL_MARK_NAMES.length + 1;

const gridTask = (task: TaskFacts, place: number, told: TaskTold | undefined): GridTask => ({
  task: task.id,
  kind: task.kind,
  risk: task.risk,
  area: task.area,
  family: familyOf(task),
  errorCodes: task.error_codes,
  place,
  worth: told?.worth ?? UNMARKED,
  marks: TRIAL_MARK_NAMES.filter((mark) => told?.marks.has(mark)),
  lost: told?.lost ?? 0,
});

/** Of a trial's id, `CANDIDATE/TASK/EPOCH`: a candidate's name may hold anything. */
function placeOf(id: string): readonly [candidate: string, task: string] {
  const words = id.split("/");
  return [words.slice(0, -2).join("/"), words.at(-2) ?? ""];
}

/** `rows`: of these tasks' trials, in any order. */
export function gridRows(
  tasks: readonly GridTask[],
  { candidates }: Pick<Header, "candidates">,
  rows: readonly NumberedRow[],
  marks: GridMarks,
): readonly GridRow[] {
  const byTask = groupBy(
    rows.toSorted((a, b) => a.number - b.number),
    ({ row }) => row.task,
  );
  const cell = (task: string, name: string): readonly GridTrial[] =>
    (byTask.get(task) ?? []).filter(({ row }) => row.candidate === name).map((own) => gridTrial(own, marks));
  return tasks.map((task) => ({ ...task, cells: candidates.map(({ name }) => cell(task.task, name)) }));
}

function gridTrial({ number, row }: NumberedRow, { marks, regressed }: GridMarks): GridTrial {
  const { candidate, task, epoch, slotPass, finalPass, standing, why } = row;
  const id = `${candidate}/${task}/${epoch}`;
  const isRegressed = slotPass === false && regressed.get(candidate)?.has(task) === true;
  const own = [...(isRegressed ? (["regressed"] as const) : []), ...(marks.get(id) ?? [])];
  return { number, id, epoch, passed: slotPass ?? finalPass, bySlot: slotPass !== null, standing, marks: own, why };
}
