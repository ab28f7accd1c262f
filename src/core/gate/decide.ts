// The gate: every criterion asked, and from what they find one of three verdicts.
import { holmAdjusted, holmStepDown } from "../metrics/statistics/holm.ts";
import type { TaskTally } from "../metrics/statistics/interval.ts";
import { exactMcNemar } from "../metrics/statistics/mcnemar.ts";
import { noiseFloor, type NoiseFloor } from "../metrics/statistics/noise-floor.ts";
import { CRITERIA, criteriaAsked } from "./criteria/criteria.ts";
import type { GateEvidence } from "./evidence.ts";
import { type CandidateFacts, noFacts } from "./facts.ts";
import type { CriterionFinding, GateSituation } from "./finding.ts";
import { type PairedTable, pairedTable, pairUp } from "./pairing.ts";

export type GateVerdict = "promote" | "hold" | "inconclusive";

/** What the gate says of one candidate. */
export interface CandidateDecision {
  readonly candidate: string;
  readonly incumbent: string;
  readonly verdict: GateVerdict;
  /** The one-sided level that its bounds were made at: the policy's, or Holm's share of it. */
  readonly alpha: number;
  readonly findings: readonly CriterionFinding[];
  /** The most that an open criterion asks for; null where none is open, or where more tasks would not settle one of them. */
  readonly moreTasks: number | null;
  readonly paired: PairedTable;
  /** Two-sided exact McNemar over tasks that one side solves in most epochs and the other does not. */
  readonly mcnemar: number;
  /** One-sided p-value of "worse than the incumbent by the margin or more", and adjusted for the alternatives. */
  readonly inferiority: { readonly p: number; readonly adjusted: number };
  readonly noise: NoiseFloor;
}

/** Decides on each candidate; several at once share the policy's α by Holm's procedure. */
export function decideCandidates(
  evidence: GateEvidence,
  candidates: readonly string[],
  incumbent: string,
  alpha = evidence.rules.alpha,
): readonly CandidateDecision[] {
  const situations = candidates.map((name) => situationOf(evidence, name, incumbent));
  const steps = holmStepDown(situations, alpha, judgeAll, (findings) => gateVerdictOf(findings) === "promote");
  const margin = -evidence.rules.non_inferiority_margin_percent / 100;
  const pValues = situations.map(({ candidate, incumbent: other }) => evidence.statistics.inferiority(pairUp(candidate, other), margin));
  const adjusted = holmAdjusted(pValues);
  return situations.map((situation, index) => {
    const { result: findings, alpha: level } = steps[index] ?? { result: [], alpha };
    return {
      candidate: situation.candidate.name,
      incumbent,
      verdict: gateVerdictOf(findings),
      alpha: level,
      findings,
      moreTasks: mostTasks(findings),
      paired: pairedTable(situation.candidate, situation.incumbent),
      mcnemar: mcnemarOf(situation),
      inferiority: { p: pValues[index] ?? 1, adjusted: adjusted[index] ?? 1 },
      noise: noiseFloor([...situation.incumbent.tasks.values()], level),
    };
  });
}

/** Hold where a bound violates a criterion, promote where every bound meets its own, else the data can't tell. */
export function gateVerdictOf(findings: readonly CriterionFinding[]): GateVerdict {
  if (findings.some(({ outcome }) => outcome === "violated")) return "hold";
  return findings.length > 0 && findings.every(({ outcome }) => outcome === "met") ? "promote" : "inconclusive";
}

function situationOf(evidence: GateEvidence, candidate: string, incumbent: string): GateSituation {
  return { evidence, candidate: factsOf(evidence, candidate), incumbent: factsOf(evidence, incumbent) };
}

function factsOf(evidence: GateEvidence, name: string): CandidateFacts {
  return evidence.candidates.get(name) ?? noFacts(name);
}

/** With fewer tasks than the policy wants, a sampled criterion that is violated is left open: too little data is no verdict. */
function judgeAll(situation: GateSituation, alpha: number): readonly CriterionFinding[] {
  const { min_tasks: wanted } = situation.evidence.rules;
  const tooFew = pairUp(situation.candidate, situation.incumbent).pairs.length < wanted;
  return criteriaAsked(situation.evidence.statistics, situation.evidence.rules).map((criterion) => {
    const { sentence, sampled, judge } = CRITERIA[criterion];
    const judged = judge(situation, alpha);
    if (!tooFew || sampled !== true || judged.outcome !== "violated") return { criterion, sentence, ...judged };
    return { criterion, sentence, ...judged, outcome: "inconclusive", says: `${judged.says}; too few tasks to say so` };
  });
}

function mostTasks(findings: readonly CriterionFinding[]): number | null {
  const open = findings.filter(({ outcome }) => outcome === "inconclusive").map(({ moreTasks }) => moreTasks);
  return open.length === 0 || open.includes(null) ? null : Math.max(...open.map((more) => more ?? 0));
}

/** Solved in most epochs. */
const solved = ({ passes, trials }: TaskTally): boolean => 2 * passes > trials;

function mcnemarOf({ candidate, incumbent }: GateSituation): number {
  const { pairs } = pairUp(candidate, incumbent);
  const onlyCandidate = pairs.filter((pair) => solved(pair.candidate) && !solved(pair.reference)).length;
  return exactMcNemar(onlyCandidate, pairs.filter((pair) => !solved(pair.candidate) && solved(pair.reference)).length);
}
