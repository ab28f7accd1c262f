// promptfoo's results as results, an arm a provider and prompt: a test passes where all of its assertions did.
import { z } from "zod";
import { groupBy } from "../../metrics/summary/rate.ts";
import { familyIn } from "./inspect.ts";
import type { ResultReader } from "./arm.ts";

const row = z.object({
  testIdx: z.number(),
  promptIdx: z.number().default(0),
  success: z.boolean(),
  /** promptfoo's ResultFailureReason: 2 is an error of the provider, and says nothing of the answer. */
  failureReason: z.number().default(0),
  provider: z.object({ id: z.string(), label: z.string().nullish() }),
  testCase: z.object({ description: z.string().nullish(), metadata: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
const results = z.object({ results: z.object({ version: z.number(), results: z.array(row).min(1) }) });

const PROVIDER_ERROR = 2;

export const promptfooResults: ResultReader = (document, { family }) => {
  const read = results.safeParse(document);
  if (!read.success) return null;
  const rows = read.data.results.results;
  const prompts = new Set(rows.map(({ promptIdx }) => promptIdx)).size;
  const arms = groupBy(rows, ({ provider, promptIdx }) => `${provider.label || provider.id}${prompts > 1 ? `#${promptIdx}` : ""}`);
  return [...arms].map(([name, own]) => {
    const judged = own.filter(({ failureReason }) => failureReason !== PROVIDER_ERROR);
    return {
      name,
      samples: judged.map(({ testIdx, testCase, success }) => {
        const sample = testCase?.description || `test ${testIdx}`;
        return { sample, family: familyIn(testCase?.metadata, family) ?? sample, passed: success };
      }),
      unscored: own.length - judged.length,
    };
  });
};
