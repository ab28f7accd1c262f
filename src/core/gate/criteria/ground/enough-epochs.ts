// Was every task repeated often enough?
import { type Criterion, fact } from "../../finding.ts";
import type { CandidateFacts } from "../../facts.ts";
import { pairUp } from "../../pairing.ts";

export const enoughEpochs: Criterion = {
  sentence: "Every paired task was repeated as often as the policy wants.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { rules, statistics }, candidate, incumbent }) => {
    const { pairs } = pairUp(candidate, incumbent);
    const repeats = ({ tasks }: CandidateFacts, task: string): number => {
      const outcome = tasks.get(task);
      return outcome === undefined ? 0 : statistics.repeats(outcome);
    };
    const least = Math.min(...pairs.flatMap(({ task }) => [repeats(candidate, task), repeats(incumbent, task)]));
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
