// `bakeoff promote`.
import { command } from "../command.ts";
import { promoteFlags } from "./flags.ts";

export const promoteCommand = command({
  does: "write the policy change, version and changelog entry that a decision to promote allows",
  flags: promoteFlags,
  example: "bakeoff promote --candidate qwen3-coder-30b-a3b-awq --decision reports/gates/DECISION.json",
  run: async (options) => (await import("./action.ts")).promote(options),
});
