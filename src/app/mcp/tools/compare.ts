// The assistant's tool that compares two results.
import { z } from "zod";
import { comparisonText } from "../../../core/report/compare/comparison.ts";
import { compareResults } from "../../compare/compare.ts";
import { queryTool } from "../tool.ts";

const RESULT = "a run id, a capsule, a log of Inspect AI, promptfoo's results or a SWE-bench report; …@NAME chooses one of several candidates";

export const compareTwo = queryTool(
  "Two results paired by sample: the difference of their pass rates with its 95 % interval, and whether it can be told from chance.",
  {
    a: z.string().min(1).describe(RESULT),
    b: z.string().min(1).describe(RESULT),
    family: z.string().optional().describe("metadata that names the family of a sample"),
    score: z.string().optional().describe("which score of an Inspect log counts"),
  },
  async ({ compare }, { a, b, family, score }) => {
    const comparison = await compareResults(compare, { a, b, family: family ?? null, score: score ?? null });
    return { text: comparisonText(comparison), data: comparison };
  },
);
