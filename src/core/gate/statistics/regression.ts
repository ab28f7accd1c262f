// A regression: a task that the reference always solves and the candidate never.
import type { TaskPair } from "../../metrics/statistics/paired.ts";

export const isRegression = ({ candidate, reference }: Pick<TaskPair, "candidate" | "reference">): boolean =>
  reference.passes === reference.trials && candidate.passes === 0;
