// A run's page in the viewer as data: what it comes to, rates, the grid of tasks and candidates, and what to know beside it.
import type { Header } from "../../capsule/line.ts";
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { counted, rateText } from "../format.ts";
import { type Notice, notices } from "../notices.ts";
import type { ReportFigures } from "../model.ts";
import { isControl, type TrialMark } from "../trial/marks.ts";
import type { NumberedRow } from "../trial-row.ts";
import type { RunDigest } from "./digest.ts";
import { type GridRow, gridRows, gridTasks, markCounts, regressedSince } from "./grid.ts";
import { type GridChoice, type GridChoices, type GridPage, gridChoices, gridPage, tasksOnAPage, wholeGrid } from "./grid-choice.ts";
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
  /** Of all tasks, whichever are shown. */
  readonly choices: GridChoices;
  /** Null: all tasks are there, and are chosen from where they are shown. */
  readonly choice: GridChoice | null;
  readonly grid: Omit<GridPage, "tasks">;
  /** Of the run; `grid` tells how many of them were found. */
  readonly tasks: number;
  readonly marks: readonly { readonly mark: TrialMark; readonly trials: number }[];
}

export interface RunPageInput {
  readonly header: Header;
  readonly figures: ReportFigures;
  readonly marks: ReadonlyMap<string, readonly TrialMark[]>;
  readonly digest: RunDigest;
  /** The run before it with the same tasks, epochs and verification; null where there is none. */
  readonly before: RunDigest | null;
  /** Of the trials of these tasks. */
  readonly rowsOf: (tasks: ReadonlySet<string>) => readonly NumberedRow[];
  readonly choice: GridChoice;
  /** From 1. */
  readonly page: number;
}

export function runPage({ header, figures, marks, digest, before, rowsOf, choice, page }: RunPageInput): RunPageModel {
  const { identity, summary } = figures;
  const gridMarks = { marks, regressed: regressedSince(digest, before) };
  const all = gridTasks(header, gridMarks);
  const size = tasksOnAPage(header);
  const { tasks, ...grid } = size === null ? wholeGrid(all) : gridPage(all, choice, { page, size });
  const rows = rowsOf(new Set(tasks.map(({ task }) => task)));
  return {
    run: figures.run.id,
    createdAt: figures.run.createdAt,
    title: `${identity.suite.name} ${identity.suite.version}`,
    headline: headlineOf(digest),
    facts: factsOf(figures),
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
    notices: notices(figures),
    candidates: header.candidates.map(({ name }) => name),
    rows: gridRows(tasks, header, rows, gridMarks),
    choices: gridChoices(all),
    choice: size === null ? null : choice,
    grid,
    tasks: all.length,
    marks: markCounts(gridMarks),
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

function factsOf({ identity, run, summary }: ReportFigures): RunPageModel["facts"] {
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

/** A share of a cell's epochs, as its mark says it. */
export const shareText = (passed: number, of: number): string => (of === 1 ? (passed === 1 ? "✓" : "✗") : `${passed}/${of}`);
