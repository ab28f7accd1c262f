// Results of any evaluation as two of them are compared: which sample passed, how often, and which samples belong together.
import type { TaskTally } from "../../metrics/statistics/interval.ts";
import { inspectResults } from "./inspect.ts";
import { promptfooResults } from "./promptfoo.ts";
import type { ResultArm, ResultReader, ResultWords } from "./arm.ts";
import { sweBenchResults } from "./swe-bench.ts";

export const RESULT_SHAPES = {
  inspect: { is: "a log of Inspect AI, as JSON", read: inspectResults },
  promptfoo: { is: "promptfoo's results, as JSON", read: promptfooResults },
  "swe-bench": { is: "a run report of SWE-bench's harness", read: sweBenchResults },
} as const satisfies Readonly<Record<string, { readonly is: string; readonly read: ResultReader }>>;

/** Null where no shape knows the document. */
export function readResults(document: unknown, words: ResultWords): readonly ResultArm[] | null {
  for (const { read } of Object.values(RESULT_SHAPES)) {
    const arms = read(document, words);
    if (arms !== null) return arms;
  }
  return null;
}

/** Of each sample, how many of its repetitions passed. */
export function sampleTallies({ samples }: ResultArm): ReadonlyMap<string, TaskTally & { readonly family: string }> {
  const tallies = new Map<string, { passes: number; trials: number; family: string }>();
  for (const { sample, family, passed } of samples) {
    const tally = tallies.get(sample) ?? { passes: 0, trials: 0, family };
    tallies.set(sample, { ...tally, passes: tally.passes + (passed ? 1 : 0), trials: tally.trials + 1 });
  }
  return tallies;
}
