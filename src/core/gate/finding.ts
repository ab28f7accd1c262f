// What a criterion finds: met, violated or inconclusive by its confidence bound, with the numbers and one sentence.
import type { Estimate } from "../metrics/statistics/interval.ts";
import { fixed } from "../text/figures.ts";
import type { CandidateFacts } from "./facts.ts";
import type { CriterionName } from "./criteria/names.ts";
import type { GateEvidence } from "./evidence.ts";
import type { GateRules } from "./registration/registration.ts";

export type CriterionOutcome = "met" | "violated" | "inconclusive";

/** How a figure is meant: shares are 0 to 1, points are differences of shares. */
export type Unit = "share" | "points" | "ratio" | "ms" | "tokens/s" | "tasks" | "epochs" | "days" | "none";

export interface Judged {
  readonly outcome: CriterionOutcome;
  /** The figure with its interval at the gate's level; null where the criterion is about no figure. */
  readonly estimate: Estimate | null;
  readonly threshold: number | null;
  /** How the figure must lie to its threshold; null where the criterion is about no figure. */
  readonly wants: "at-least" | "at-most" | "more-than" | null;
  readonly unit: Unit;
  /** One sentence: what was found, against what. */
  readonly says: string;
  /** Further tasks that would settle it, if all goes on as it went; null: not known, or none would. */
  readonly moreTasks: number | null;
}

export interface CriterionFinding extends Judged {
  readonly criterion: CriterionName;
  readonly sentence: string;
}

/** One question: may this candidate take the incumbent's place? */
export interface GateSituation {
  readonly evidence: GateEvidence;
  readonly candidate: CandidateFacts;
  readonly incumbent: CandidateFacts;
}

/** The level is one-sided; so intervals have confidence 1 − 2α. */
export interface Criterion {
  readonly sentence: string;
  /** From a sample: with fewer tasks than the policy wants, it can't be violated, only inconclusive. `apart`: from tasks of its own, whose number its bound knows. */
  readonly sampled: boolean | "apart";
  /** A person may decide otherwise, by name; never where without it there is no evidence to weigh. */
  readonly overridable: boolean;
  /** Is it asked under these rules? Where this is missing, it always is. */
  readonly isAsked?: (rules: GateRules) => boolean;
  readonly judge: (situation: GateSituation, alpha: number) => Judged;
}

export const confidenceOf = (alpha: number): number => 1 - 2 * alpha;

/** A plain fact, without a sample. */
export function fact(outcome: CriterionOutcome, says: string, more: Partial<Judged> = {}): Judged {
  return { outcome, estimate: null, threshold: null, wants: null, unit: "none", says, moreTasks: null, ...more };
}

export interface Requirement {
  readonly estimate: Estimate;
  readonly threshold: number;
  readonly unit: Unit;
  /** What is measured, as the sentence's subject. */
  readonly what: string;
  /** Further tasks that settle it; asked only where it is open. */
  readonly more: () => number | null;
}

/** The figure must reach the threshold: met once its lower bound does, violated once its upper bound does not. */
export function judgeAtLeast({ estimate, threshold, unit, what, more }: Requirement): Judged {
  const { value, low, high } = estimate;
  const wanted = `at least ${figure(threshold, unit)} is wanted`;
  const base = { estimate, threshold, wants: "at-least" as const, unit };
  if (value === null) return { ...base, outcome: "inconclusive", says: `${what}: nothing was measured; ${wanted}`, moreTasks: null };
  // No lower bound reaches the top of a scale: there every single observation must hold.
  const outcome =
    unit === "share" && threshold >= 1
      ? value === 1
        ? "met"
        : "violated"
      : low !== null && low >= threshold
        ? "met"
        : high !== null && high < threshold
          ? "violated"
          : "inconclusive";
  return { ...base, outcome, says: `${what}: ${interval(estimate, unit)}; ${wanted}`, moreTasks: outcome === "inconclusive" ? more() : null };
}

/** The figure must not pass the threshold: met once its upper bound does not, violated once its lower bound does. */
export function judgeAtMost({ estimate, threshold, unit, what, more }: Requirement): Judged {
  const { value, low, high } = estimate;
  const wanted = `at most ${figure(threshold, unit)} is allowed`;
  const base = { estimate, threshold, wants: "at-most" as const, unit };
  if (value === null) return { ...base, outcome: "inconclusive", says: `${what}: nothing was measured; ${wanted}`, moreTasks: null };
  const outcome =
    unit === "share" && threshold <= 0
      ? value === 0
        ? "met"
        : "violated"
      : high !== null && high <= threshold
        ? "met"
        : low !== null && low > threshold
          ? "violated"
          : "inconclusive";
  return { ...base, outcome, says: `${what}: ${interval(estimate, unit)}; ${wanted}`, moreTasks: outcome === "inconclusive" ? more() : null };
}

/** A figure as people read it. */
export function figure(value: number, unit: Unit): string {
  if (unit === "share" || unit === "ratio") return `${fixed(value * 100, 1)} %`;
  if (unit === "points") return `${value > 0 ? "+" : ""}${fixed(value * 100, 1)} points`;
  if (unit === "none") return fixed(value, 0);
  return `${fixed(value, unit === "tokens/s" || (unit === "ms" && Math.abs(value) < 10) ? 1 : 0)} ${unit}`;
}

/** `14.0 % [7.4 to 24.8], n = 57`. */
export function interval({ value, low, high, n }: Estimate, unit: Unit): string {
  if (value === null) return "nothing measured";
  const bound = (end: number | null): string => (end === null ? "?" : figure(end, unit).replace(/ \D*$/, ""));
  return `${figure(value, unit)} [${bound(low)} to ${bound(high)}], n = ${n}`;
}

const SIGNS = { "at-least": "≥", "at-most": "≤", "more-than": ">" } as const;

/** `≥ 85.0 %`; empty where the criterion is about no figure. */
export function wantedText({ wants, threshold, unit }: Pick<Judged, "wants" | "threshold" | "unit">): string {
  return wants === null || threshold === null ? "" : `${SIGNS[wants]} ${figure(threshold, unit)}`;
}
