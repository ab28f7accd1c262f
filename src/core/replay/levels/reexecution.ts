// Level 4: cargo run again on every tree. Who runs cargo brings what it found; without that, nobody asked.
import type { Level } from "../check.ts";

export const reexecution: Level = {
  sentence: "Cargo, run again in the sandbox on every tree, comes to the recorded verdicts. Timings are not compared.",
  needsPolicy: false,
  checks: () => ({ trials: [], planted: [] }),
  outcome: ({ reexecution: found }) => found ?? null,
};
