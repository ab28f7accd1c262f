// Are the capsules as they were sealed?
import { type Criterion, fact } from "../../finding.ts";

export const capsulesVerify: Criterion = {
  sentence: "Every capsule is as it was sealed.",
  sampled: false,
  overridable: false,
  // Capsules that do not verify are refused before any criterion is asked.
  judge: ({ evidence }) => fact("met", `${evidence.capsules.length === 1 ? "the capsule verifies" : `all ${evidence.capsules.length} capsules verify`}`),
};
