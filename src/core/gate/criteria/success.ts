// Criteria about what the candidate solves, next to the Implementer, the incumbent and the compiler.
import { itemRate } from "../../metrics/summary/rate.ts";
import { wilson } from "../../metrics/statistics/interval.ts";
import { noiseFloor } from "../../metrics/statistics/noise-floor.ts";
import { pairedDifference } from "../../metrics/statistics/paired.ts";
import { type Parity, successParity } from "../../metrics/statistics/parity.ts";
import { tasksForDifference, tasksForShare, unitsByRoot } from "../../metrics/statistics/sample-size.ts";
import { atLeast, atMost, confidenceOf, type Criterion, fact, figure, interval, type Judged, type Situation } from "../finding.ts";
import { discordance, pairUp } from "../pairing.ts";

const COMPILER_CANDIDATE = "rustc-suggestions";

export const SUCCESS_CRITERIA: readonly Criterion[] = [
  {
    name: "success-parity",
    sentence: "The candidate solves nearly as much as the cloud Implementer does in its place.",
    sampled: true,
    judge: ({ evidence, candidate }, alpha) => {
      if (evidence.rules.success_parity_percent === 0) return fact("met", "the policy does not ask for it");
      const reference = evidence.reference === null ? undefined : evidence.candidates.get(evidence.reference);
      if (reference === undefined || reference.tasks.size === 0) {
        return fact(
          "inconclusive",
          "no candidate of the run has the cloud Implementer's provider, model and effort: add one to candidates.toml and run it too",
        );
      }
      const estimate = parityOf(evidence, candidate.name, () => successParity(pairUp(candidate, reference), evidence.seed)).at(confidenceOf(alpha));
      const threshold = evidence.rules.success_parity_percent / 100;
      return atLeast({ estimate, threshold, unit: "ratio", what: `pass rate as a share of ${reference.name}'s`, more: () => unitsByRoot(estimate, threshold) });
    },
  },
  {
    name: "not-inferior",
    sentence: "The candidate is not worse than the incumbent by more than the margin.",
    sampled: true,
    judge: ({ evidence, candidate, incumbent }, alpha) => {
      const margin = -evidence.rules.non_inferiority_margin_percent / 100;
      return difference({ candidate, other: incumbent, threshold: margin, alpha, wanted: `more than ${figure(margin, "points")} is wanted` });
    },
  },
  {
    name: "beats-compiler",
    sentence: "The candidate solves more than the compiler's own suggestions do, beyond the noise floor.",
    sampled: true,
    judge: ({ evidence, candidate }, alpha) => {
      if (!evidence.rules.beat_rustc_suggestions) return fact("met", "the policy does not ask for it");
      if (candidate.name === COMPILER_CANDIDATE) return fact("violated", `${COMPILER_CANDIDATE} is the baseline itself`);
      const compiler = evidence.candidates.get(COMPILER_CANDIDATE);
      if (compiler === undefined || compiler.tasks.size === 0) return fact("inconclusive", `${COMPILER_CANDIDATE} was not run: run it too`);
      const floor = noiseFloor([...candidate.tasks.values()], alpha).floor ?? 0;
      return difference({
        candidate,
        other: compiler,
        threshold: 0,
        floor,
        alpha,
        wanted: `more than none, and more than the noise floor of ${figure(floor, "points")}, is wanted`,
      });
    },
  },
  {
    name: "no-regression",
    sentence: "No more tasks are lost (the incumbent always solves them, the candidate never) than the margin allows, whatever is gained elsewhere.",
    sampled: true,
    judge: ({ evidence, candidate, incumbent }, alpha) => {
      const pairs = pairUp(candidate, incumbent);
      const lost = pairs.filter(({ candidate: own, reference }) => reference.passes === reference.trials && own.passes === 0);
      const estimate = wilson(lost.length, pairs.length, confidenceOf(alpha));
      const threshold = evidence.rules.non_inferiority_margin_percent / 100;
      const names =
        lost.length === 0
          ? ""
          : ` (${lost
              .slice(0, 5)
              .map(({ task }) => task)
              .join(", ")}${lost.length > 5 ? ", …" : ""})`;
      return atMost({
        estimate,
        threshold,
        unit: "share",
        what: `tasks that ${incumbent.name} always solves and ${candidate.name} never${names}`,
        more: () => tasksForShare(estimate, threshold, confidenceOf(alpha)),
      });
    },
  },
  {
    name: "compile-pass",
    sentence: "The candidate's patches compile.",
    sampled: true,
    judge: ({ evidence, candidate }, alpha) => {
      const seen = candidate.attempts.flatMap(({ task, compiled }) => (compiled === null ? [] : [{ task, holds: compiled }]));
      const estimate = itemRate(seen, confidenceOf(alpha));
      const threshold = evidence.rules.compile_pass_percent / 100;
      return atLeast({
        estimate,
        threshold,
        unit: "share",
        what: "attempts that compile",
        more: () => tasksForShare(estimate, threshold, confidenceOf(alpha)),
      });
    },
  },
];

interface Compared {
  readonly candidate: Situation["candidate"];
  readonly other: Situation["candidate"];
  readonly threshold: number;
  /** The value itself must lie above this too. */
  readonly floor?: number;
  readonly alpha: number;
  readonly wanted: string;
}

function difference({ candidate, other, threshold, floor = -1, alpha, wanted }: Compared): Judged {
  const pairs = pairUp(candidate, other);
  const estimate = pairedDifference(pairs, confidenceOf(alpha));
  const base = { estimate, threshold, wants: "more-than" as const, unit: "points" as const };
  const what = `pass rate against ${other.name}`;
  if (estimate.value === null || estimate.low === null || estimate.high === null)
    return { ...base, outcome: "inconclusive", says: `${what}: no task counts for both`, moreTasks: null };
  const met = estimate.low > threshold && estimate.value > floor;
  const outcome = met ? "met" : estimate.high <= threshold ? "violated" : "inconclusive";
  const moreTasks = outcome === "inconclusive" ? tasksForDifference(estimate, discordance(pairs), threshold, confidenceOf(alpha)) : null;
  return { ...base, outcome, says: `${what}: ${interval(estimate, "points")}; ${wanted}`, moreTasks };
}

/** A bootstrap is made once for each candidate, whatever levels it is then asked at. */
const known = new WeakMap<object, Map<string, Parity>>();

function parityOf(evidence: object, candidate: string, make: () => Parity): Parity {
  const own = known.get(evidence) ?? new Map<string, Parity>();
  known.set(evidence, own);
  const parity = own.get(candidate) ?? make();
  own.set(candidate, parity);
  return parity;
}
