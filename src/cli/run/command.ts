// `bakeoff run` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { runFlags } from "./flags.ts";

export const runCommand = command({
  does: "the bakeoff: every task by every candidate through the whole policy; a table, a capsule, a report",
  flags: runFlags,
  example: "bakeoff run --suite reflex-patchloop-v1 --candidates gpt-oss-20b,rustc-suggestions --epochs 3",
  run: async (options) => (await import("./action.ts")).run(options),
});
