// Do the runs share one suite and one toolchain, and is the suite the one that lies here?
import { type Criterion, fact } from "../../finding.ts";

export const sameGround: Criterion = {
  sentence: "One suite and one toolchain, and the suite is the one that lies here.",
  sampled: false,
  overridable: true,
  judge: ({ evidence: { suite, toolchain, suiteRootHere } }) => {
    const what = `suite ${suite.name} ${suite.version} (${suite.root.slice(0, 12)}), ${toolchain.rustc}`;
    if (suiteRootHere !== null && suiteRootHere !== suite.root)
      return fact("violated", `${suite.name} has changed since the run (${suiteRootHere.slice(0, 12)}, then ${suite.root.slice(0, 12)}): run again`);
    return fact("met", suiteRootHere === null ? `${what}; the suite is not here to compare with` : what);
  },
};
