// Does the candidate solve nearly as much as the cloud Implementer?
import type { Parity } from "../../../metrics/statistics/parity.ts";
import { unitsByRoot } from "../../../metrics/statistics/sample-size.ts";
import { judgeAtLeast, confidenceOf, type Criterion, fact } from "../../finding.ts";
import { pairUp } from "../../pairing.ts";

export const parityWithImplementer: Criterion = {
  sentence: "The candidate solves nearly as much as the cloud Implementer does in its place.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    if (evidence.rules.success_parity_percent === 0) return fact("met", "the policy does not ask for it");
    const reference = evidence.reference === null ? undefined : evidence.candidates.get(evidence.reference);
    if (reference === undefined || reference.tasks.size === 0) {
      return fact("inconclusive", "no candidate of the run has the cloud Implementer's provider, model and effort: add one to candidates.toml and run it too");
    }
    const estimate = parityOf(evidence, candidate.name, () => evidence.statistics.parity(pairUp(candidate, reference), evidence.seed)).at(confidenceOf(alpha));
    const threshold = evidence.rules.success_parity_percent / 100;
    return judgeAtLeast({
      estimate,
      threshold,
      unit: "ratio",
      what: `pass rate as a share of ${reference.name}'s`,
      more: () => unitsByRoot(estimate, threshold),
    });
  },
};

/** A bootstrap is made once for each candidate, whatever levels it is then asked at. */
const known = new WeakMap<object, Map<string, Parity>>();

function parityOf(evidence: object, candidate: string, make: () => Parity): Parity {
  const own = known.get(evidence) ?? new Map<string, Parity>();
  known.set(evidence, own);
  const parity = own.get(candidate) ?? make();
  own.set(candidate, parity);
  return parity;
}
