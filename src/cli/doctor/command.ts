// `bakeoff doctor` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { doctorFlags } from "./flags.ts";

export const doctorCommand = command({
  does: "what is there, what is missing, how to get it",
  flags: doctorFlags,
  example: "bakeoff doctor --prune 14",
  run: async (options) => (await import("./action.ts")).doctor(options),
});
