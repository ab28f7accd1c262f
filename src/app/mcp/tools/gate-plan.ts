// The assistant's tool that plans a gate: how likely it is to promote, and what that takes.
import { z } from "zod";
import { steady } from "../../../core/gate/document.ts";
import { planText } from "../../../core/report/gate/plan-text.ts";
import { planGate } from "../../gate/plan.ts";
import { queryTool } from "../tool.ts";

export const planTool = queryTool(
  "How likely a gate is to promote a candidate, by the true difference; its cost; and the smallest run that is likely enough. Simulated, takes seconds.",
  {
    candidate: z.string().min(1).describe("who is to be promoted"),
    incumbent: z.string().optional().describe("whose place it would take (default: the policy's reflex candidate)"),
    suite: z.string().default("reflex-gate-v1").describe("the suite that will be run"),
    differences: z.array(z.number().min(-100).max(100)).min(1).max(20).default([-5, 0, 2, 5]).describe("true differences of the pass rates, in points"),
    epochs: z.number().int().min(1).max(1000).optional().describe("repeats of each task (default: what the gate wants)"),
    simulations: z.number().int().min(20).max(2000).default(100).describe("simulated gates for each figure"),
  },
  async ({ gatePlan: ports, places }, { candidate, incumbent, suite, differences, epochs, simulations }) => {
    // Nothing an assistant asks writes a file: the picture is left out.
    const unwritten = { ...ports, texts: { write: async () => undefined } };
    const { plan } = await planGate(unwritten, {
      candidate,
      incumbent: incumbent ?? null,
      suite,
      impossible: "impossible-v1",
      policyFile: places.policyFile(undefined),
      differences,
      epochs: epochs ?? null,
      alternatives: 1,
      gatesBefore: null,
      capsules: [],
      gates: simulations,
      seed: 1,
    });
    return { text: planText(plan), data: steady(plan) as object };
  },
);
