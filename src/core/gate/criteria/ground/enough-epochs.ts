// Was every task repeated often enough?
import { type Criterion, fact } from "../../finding.ts";
import { pairUp } from "../../pairing.ts";

export const enoughEpochs: Criterion = {
  sentence: "Every paired task was repeated as often as the policy wants.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { rules }, candidate, incumbent }) => {
    const pairs = pairUp(candidate, incumbent);
    const least = Math.min(...pairs.map((pair) => Math.min(pair.candidate.trials, pair.reference.trials)));
    const found = pairs.length === 0 ? 0 : least;
    return fact(
      found >= rules.min_epochs ? "met" : "inconclusive",
      `every task counts at least ${found} times for each; ${rules.min_epochs} epochs are wanted`,
      {
        threshold: rules.min_epochs,
        wants: "at-least",
        unit: "epochs",
      },
    );
  },
};
