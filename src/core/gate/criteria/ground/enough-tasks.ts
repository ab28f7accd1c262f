// Do enough tasks count for both sides?
import { type Criterion, fact } from "../../finding.ts";
import { pairUp } from "../../pairing.ts";

export const enoughTasks: Criterion = {
  sentence: "As many low-risk tasks count for both sides as the policy wants.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { rules }, candidate, incumbent }) => {
    const tasks = pairUp(candidate, incumbent).pairs.length;
    const more = rules.min_tasks - tasks;
    return fact(more <= 0 ? "met" : "inconclusive", `${tasks} tasks count for both; ${rules.min_tasks} are wanted`, {
      threshold: rules.min_tasks,
      wants: "at-least",
      unit: "tasks",
      moreTasks: more > 0 ? more : null,
    });
  },
};
