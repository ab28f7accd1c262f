// The order in which test files start: the longest first, so that no worker begins one when the others are done.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of some seconds and more, the longest first. What is not here goes by the runner's own order, after these. */
const HEAVY = [
  "unit/app/gate/attacks.test.ts",
  "unit/app/gate/decide.test.ts",
  "unit/app/gate/verify.test.ts",
  "unit/app/gate/promotion.test.ts",
  "golden/formats.test.ts",
  "unit/app/queue/kinds-of-workers.test.ts",
  "unit/app/run/until-decided.test.ts",
  "unit/app/gate/registration.test.ts",
  "unit/core/metrics/statistics/family.test.ts",
  "sandbox/forgeries.test.ts",
  "sandbox/workbench.test.ts",
  "cli/gate.test.ts",
  "cli/run.test.ts",
  "cli/servers.test.ts",
  "sandbox/escapes.test.ts",
  "cli/replay.test.ts",
  "cli/usage.test.ts",
  "sandbox/corpus.test.ts",
  "cli/policy-run.test.ts",
  "sandbox/alternatives.test.ts",
  "cli/replay-candidates.test.ts",
  "cli/policy.test.ts",
  "cli/suite-making.test.ts",
  "cli/new.test.ts",
  "cli/capsule.test.ts",
  "contract/handover.test.ts",
  "contract/journal-resume.test.ts",
  "cli/serving.test.ts",
  "contract/replay-corruptions.test.ts",
  "sandbox/switches.test.ts",
  "sandbox/refused-namespaces.test.ts",
  "contract/vendored-sources.test.ts",
  "contract/verify-without-us.test.ts",
  "cli/library.test.ts",
  "contract/capsule.test.ts",
  "contract/history.test.ts",
  "cli/streams.test.ts",
  "cli/other-systems.test.ts",
  "cli/score.test.ts",
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
