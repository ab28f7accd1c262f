// The order in which test files start: the longest first, so that no worker begins one when the others are done.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of ten seconds and more, the longest first. What is not here goes by the runner's own order, after these. */
const HEAVY = [
  "cli/run.test.ts",
  "sandbox/forgeries.test.ts",
  "sandbox/workbench.test.ts",
  "cli/replay.test.ts",
  "cli/gate.test.ts",
  "cli/suite-making.test.ts",
  "sandbox/escapes.test.ts",
  "cli/policy-run.test.ts",
  "cli/usage.test.ts",
  "contract/journal-resume.test.ts",
  "cli/policy.test.ts",
  "cli/capsule.test.ts",
];

export class HeavyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer, not an array
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = HEAVY.findIndex((path) => moduleId.endsWith(`/test/${path}`));
      return index < 0 ? HEAVY.length : index;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
