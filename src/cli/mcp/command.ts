// `bakeoff mcp` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { mcpFlags } from "./flags.ts";

export const mcpCommand = command({
  does: "answers an assistant's questions about runs, trials, comparisons, policy and gate plans: Model Context Protocol over stdio, read-only",
  flags: mcpFlags,
  example: "bakeoff mcp --home path/to/bakeoff",
  notes: "Needs the protocol's SDK: npm install @modelcontextprotocol/sdk@1.32.2",
  run: async (options) => (await import("./action.ts")).mcp(options),
});
