// Was every task repeated often enough?
import { type Criterion, fact } from "../../finding.ts";
import type { CandidateFacts } from "../../facts.ts";

export const enoughEpochs: Criterion = {
  sentence: "Every paired task was repeated as often as the policy wants.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { rules, statistics }, candidate, incumbent }) => {
    const repeats = (own: CandidateFacts, other: CandidateFacts): readonly number[] =>
      [...own.tasks].flatMap(([task, outcome]) => (other.tasks.has(task) ? [statistics.repeats(outcome)] : []));
    const paired = [...repeats(candidate, incumbent), ...repeats(incumbent, candidate)];
    const found = paired.length === 0 ? 0 : Math.min(...paired);
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
