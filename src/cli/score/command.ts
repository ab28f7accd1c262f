// `bakeoff score` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { scoreFlags } from "./flags.ts";

export const scoreCommand = command({
  does: "verifies patches that any agent made elsewhere, through loop and confirmation, into a capsule that never promotes",
  flags: scoreFlags,
  example: "bakeoff score --patches predictions.jsonl --suite reflex-gate-v1",
  run: async (options) => (await import("./action.ts")).score(options),
});
