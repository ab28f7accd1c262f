// `bakeoff compare` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { compareFlags } from "./flags.ts";

export const compareCommand = command({
  does: "two results paired by sample: capsules, logs of Inspect AI, promptfoo's results, SWE-bench's reports; FILE@NAME chooses one of several",
  takes: ["<a>", "<b>"],
  flags: compareFlags,
  example: "bakeoff compare logs/a.json logs/b.json --family repo",
  run: async (options, a: string, b: string) => (await import("./action.ts")).compare(a, b, options),
});
