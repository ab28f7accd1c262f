// Offers the tools to an assistant, until it leaves.
import { assistantTool } from "./tool.ts";
import { QUERY_TOOLS } from "./tools.ts";
import type { McpPorts } from "./ports.ts";

const INSTRUCTIONS = [
  "Bakeoff measures coding models over Rust tasks and keeps the evidence in capsules.",
  "Begin with list_runs. Why a candidate lost: list_trials, then show_trial of those that matter.",
  "A rate means nothing without its interval and its number of families; do not rank candidates whose interval of the difference holds 0: compare_results says.",
  "Figures of stand-ins say nothing about a model. Nothing here changes anything: runs, gates and promotions are a person's to start.",
].join(" ");

/** Resolves once the other side has closed, or the signal aborts. */
export async function serveMcp(ports: McpPorts, signal: AbortSignal): Promise<void> {
  const tools = Object.entries(QUERY_TOOLS).map(([name, tool]) => assistantTool(name, tool, ports));
  try {
    await ports.serve({ name: "bakeoff", version: ports.places.version, instructions: INSTRUCTIONS, tools }, signal);
  } finally {
    ports.library.close();
  }
}
