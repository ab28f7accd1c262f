// Every tool that an assistant is offered, by its name: docs are made from this. All of them only read.
import type { QueryTool } from "./tool.ts";
import { compareTwo } from "./tools/compare.ts";
import { planTool } from "./tools/gate-plan.ts";
import { explainPolicy } from "./tools/policy.ts";
import { listRuns, showRun } from "./tools/runs.ts";
import { listTrials, trialTool } from "./tools/trials.ts";

type ToolName = "list_runs" | "show_run" | "list_trials" | "show_trial" | "compare_results" | "explain_policy" | "plan_gate";

export const QUERY_TOOLS: Readonly<Record<ToolName, QueryTool>> = {
  list_runs: listRuns,
  show_run: showRun,
  list_trials: listTrials,
  show_trial: trialTool,
  compare_results: compareTwo,
  explain_policy: explainPolicy,
  plan_gate: planTool,
};
