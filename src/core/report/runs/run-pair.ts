// Two runs side by side: every candidate of one held against every candidate of the other, task by task.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { type RunDifference, runDifferences } from "../trend/compare.ts";
import { whyNotPaired } from "./compare.ts";
import type { CandidateDigest, RunDigest } from "./digest.ts";
import { type PairedResult, pairedResult, pairsOf } from "./pairs.ts";

/** Numbers are the candidates' places in their runs' headers: a name may hold anything. */
export interface RunPairCell extends PairedResult {
  readonly a: number;
  readonly b: number;
}

/** A candidate that both runs have. */
export interface SharedCandidate extends RunPairCell {
  readonly name: string;
  readonly passA: Estimate;
  readonly passB: Estimate;
}

export interface RunPairModel {
  readonly a: string;
  readonly b: string;
  readonly headline: string;
  readonly shared: readonly SharedCandidate[];
  readonly candidatesA: readonly string[];
  readonly candidatesB: readonly string[];
  /** One row a candidate of a, one cell a candidate of b; empty where their tasks can't be paired. */
  readonly cells: readonly (readonly RunPairCell[])[];
  readonly differences: readonly RunDifference[];
}

export function runPairPage(a: RunDigest, b: RunDigest): RunPairModel {
  const notComparable = whyNotPaired(a, b);
  const cell = (own: CandidateDigest, left: number) =>
    b.candidates.map((other, right) => ({
      a: left,
      b: right,
      ...pairedResult(pairsOf({ digest: a, candidate: own }, { digest: b, candidate: other })),
    }));
  const cells = notComparable === null ? a.candidates.map(cell) : [];
  const shared = cells.flat().flatMap((own) => sharedCandidate(own, a.candidates[own.a], b.candidates[own.b]));
  return {
    a: a.run,
    b: b.run,
    headline: notComparable === null ? headlineOf(shared) : `Not compared: ${notComparable}.`,
    shared,
    candidatesA: a.candidates.map(({ name }) => name),
    candidatesB: b.candidates.map(({ name }) => name),
    cells,
    differences: runDifferences(b, a, null),
  };
}

function sharedCandidate(cell: RunPairCell, a: CandidateDigest | undefined, b: CandidateDigest | undefined): readonly SharedCandidate[] {
  return a === undefined || a.name !== b?.name ? [] : [{ ...cell, name: a.name, passA: a.pass, passB: b.pass }];
}

function headlineOf(shared: readonly SharedCandidate[]): string {
  if (shared.length === 0) return "No candidate is in both runs.";
  const told = ({ difference: { low, high } }: SharedCandidate, sign: 1 | -1): boolean => (sign > 0 ? (low ?? -1) > 0 : (high ?? 1) < 0);
  const named = (sign: 1 | -1): readonly string[] => shared.filter((candidate) => told(candidate, sign)).map(({ name }) => name);
  const [better, worse] = [named(1), named(-1)];
  if (better.length + worse.length === 0) return "No candidate of both runs differs by more than chance.";
  const parts = [...(better.length > 0 ? [`better: ${better.join(", ")}`] : []), ...(worse.length > 0 ? [`worse: ${worse.join(", ")}`] : [])];
  return `By more than chance, each candidate for itself: ${parts.join("; ")}.`;
}
