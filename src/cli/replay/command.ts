// `bakeoff replay` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { replayFlags } from "./flags.ts";

export const replayCommand = command({
  does: "what a stored run proves: decisions made again, prompts and patches rebuilt, an audit report; offline",
  takes: ["<capsule>"],
  flags: replayFlags,
  example: "bakeoff replay capsules/RUN.capsule.jsonl --out /tmp/audit",
  run: async (options, capsule: string) => (await import("./action.ts")).replay(capsule, options),
});
