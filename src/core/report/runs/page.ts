// A run's page in the viewer as data: what it comes to, rates, the grid of tasks and candidates, and what to know beside it.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { counted, rateText } from "../format.ts";
import { type Notice, notices } from "../notices.ts";
import type { ReportModel } from "../model.ts";
import { isControl, type TrialMark } from "../trial/marks.ts";
import type { TrialRow } from "../trial-row.ts";
import type { RunDigest } from "./digest.ts";
import { differenceText, pairedResult, pairsOf } from "./pairs.ts";

export interface RateRow {
  readonly candidate: string;
  /** The floor or the ceiling: its rates are known beforehand. */
  readonly isControl: boolean;
  readonly pass: Estimate;
  readonly passAt1: Estimate;
  readonly final: Estimate;
  readonly attemptP50: Estimate;
  readonly attemptP95: Estimate;
  readonly costUsd: number | null;
}

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

export interface GridRow {
  readonly task: string;
  readonly kind: string;
  readonly risk: string;
  readonly area: string;
  readonly family: string;
  readonly errorCodes: readonly string[];
  /** One a candidate, in the run's order; the trials of its epochs. */
  readonly cells: readonly (readonly GridTrial[])[];
  readonly marks: readonly TrialMark[];
}

export interface RunPageModel {
  readonly run: string;
  readonly createdAt: string;
  readonly title: string;
  readonly headline: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly rates: readonly RateRow[];
  readonly notices: readonly Notice[];
  readonly candidates: readonly string[];
  readonly rows: readonly GridRow[];
  readonly marks: readonly { readonly mark: TrialMark; readonly trials: number }[];
}

export interface RunPageInput {
  readonly model: ReportModel;
  readonly marks: Readonly<Record<string, readonly TrialMark[]>>;
  readonly digest: RunDigest;
  /** The run before it with the same tasks, epochs and verification; null where there is none. */
  readonly before: RunDigest | null;
}

export function runPage({ model, marks, digest, before }: RunPageInput): RunPageModel {
  const { identity, summary } = model;
  const candidates = summary.candidates.map(({ name }) => name);
  const rows = gridRows(model.trials, candidates, withRegressions(marks, model.trials, before));
  return {
    run: model.run.id,
    createdAt: model.run.createdAt,
    title: `${identity.suite.name} ${identity.suite.version}`,
    headline: headlineOf(digest),
    facts: factsOf(model),
    rates: summary.candidates.map(({ name, slot, final, timings, calls }) => ({
      candidate: name,
      isControl: isControl(name),
      pass: slot.pass,
      passAt1: slot.passAt1,
      final: final.rate,
      attemptP50: timings.attempt.p50,
      attemptP95: timings.attempt.p95,
      costUsd: calls.costUsd,
    })),
    notices: notices(model),
    candidates,
    rows,
    marks: markCounts(rows),
  };
}

const COMPILER = "rustc-suggestions";

/** The best candidate that is no control, held against the compiler's own suggestions where they were run. */
export function headlineOf(digest: Pick<RunDigest, "candidates" | "tasks" | "families">): string {
  const { candidates, tasks } = digest;
  const known = candidates.filter(({ pass }) => pass.value !== null);
  const [best] = known.filter(({ name }) => !isControl(name) && name !== COMPILER).toSorted((a, b) => (b.pass.value ?? 0) - (a.pass.value ?? 0));
  const compiler = known.find(({ name }) => name === COMPILER);
  const shown = best ?? compiler ?? known[0];
  if (!shown) return "No candidate's slot was tried on a low-risk task.";
  const says = `${shown.name} solves ${rateOf(shown.pass)} of ${counted(tasks.lowRisk, "low-risk task")} in its slot`;
  if (best === undefined || compiler === undefined) return `${says}.`;
  const pairs = pairsOf({ digest, candidate: best }, { digest, candidate: compiler });
  const difference = differenceText(pairedResult(pairs).difference, "the compiler's own suggestions");
  return `${says}${difference === null ? "" : `, ${difference}`}.`;
}

const rateOf = (estimate: Estimate): string => rateText(estimate).replace(/ n=\d+$/, "");

function factsOf({ identity, run, summary }: ReportModel): RunPageModel["facts"] {
  return [
    ["begun", run.createdAt],
    ["policy", `${identity.policy.id} (${identity.policy.hash.slice(0, 12)})`],
    ["tasks", `${summary.tasks.lowRisk} low-risk in ${counted(summary.tasks.families, "family", "families")}, ${summary.tasks.highRisk} high-risk`],
    ["epochs", String(identity.epochs)],
    ["sandbox", identity.sandbox],
    ["toolchain", identity.toolchain.rustc],
    ["bakeoff", identity.bakeoffVersion],
    ...(identity.capability ? [["capability", "the slot was tried on high-risk tasks too"] as const] : []),
  ];
}

/** A slot that passed every time before and does not now. */
function withRegressions(
  marks: RunPageInput["marks"],
  trials: readonly TrialRow[],
  before: RunDigest | null,
): (id: string, trial: TrialRow) => readonly TrialMark[] {
  const then = new Map(before?.candidates.map(({ name, tasks }) => [name, tasks]));
  const regressed = new Set(
    trials.flatMap((trial) => {
      const [passes, of] = then.get(trial.candidate)?.[trial.task] ?? [0, 0];
      return of > 0 && passes === of && trial.slotPass === false ? [idOf(trial)] : [];
    }),
  );
  return (id) => [...(regressed.has(id) ? (["regressed"] as const) : []), ...(marks[id] ?? [])];
}

const idOf = ({ candidate, task, epoch }: TrialRow): string => `${candidate}/${task}/${epoch}`;

function gridRows(
  trials: readonly TrialRow[],
  candidates: readonly string[],
  marksOf: (id: string, trial: TrialRow) => readonly TrialMark[],
): readonly GridRow[] {
  const rows = new Map<string, { readonly first: TrialRow; readonly cells: GridTrial[][] }>();
  for (const [number, trial] of trials.entries()) {
    const row = rows.get(trial.task) ?? { first: trial, cells: candidates.map(() => []) };
    rows.set(trial.task, row);
    row.cells[candidates.indexOf(trial.candidate)]?.push(gridTrial(trial, number, marksOf(idOf(trial), trial)));
  }
  return [...rows.values()].map(({ first, cells }) => ({
    task: first.task,
    kind: first.kind,
    risk: first.risk,
    area: first.area,
    family: first.family,
    errorCodes: first.errorCodes,
    cells,
    marks: [...new Set(cells.flat().flatMap((trial) => trial.marks))],
  }));
}

function gridTrial(trial: TrialRow, number: number, marks: readonly TrialMark[]): GridTrial {
  const { epoch, slotPass, finalPass, standing, why } = trial;
  return { number, id: idOf(trial), epoch, passed: slotPass ?? finalPass, bySlot: slotPass !== null, standing, marks, why };
}

function markCounts(rows: readonly GridRow[]): RunPageModel["marks"] {
  const counts = new Map<TrialMark, number>();
  for (const { cells } of rows) for (const { marks } of cells.flat()) for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return [...counts].map(([mark, trials]) => ({ mark, trials }));
}

/** A share of a cell's epochs, as its mark says it. */
export const shareText = (passed: number, of: number): string => (of === 1 ? (passed === 1 ? "✓" : "✗") : `${passed}/${of}`);
