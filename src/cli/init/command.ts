// `bakeoff init` as data: what it does, its flags and its action.
import { homeless } from "../command.ts";
import { initFlags } from "./flags.ts";

export const initCommand = homeless({
  does: "a home in a cargo repository: bakeoff/ with policy, golden scenarios, candidates and register; nothing is written over",
  takes: ["[folder]"],
  flags: initFlags,
  example: "bakeoff init --ci github",
  run: async (options, folder: string | undefined) => (await import("./action.ts")).init(folder, options),
});
