// `bakeoff worker` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { workerFlags } from "./flags.ts";

export const workerCommand = command({
  does: "take trials of the runs on a queue, until it is told to stop: the steps at hand are finished, and the rest is handed back",
  flags: workerFlags,
  example: "bakeoff worker --queue redis://10.0.0.5:6379",
  run: async (options) => (await import("./action.ts")).work(options),
});
