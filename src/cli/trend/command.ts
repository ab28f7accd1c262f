// `bakeoff trend` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { trendFlags } from "./flags.ts";

export const trendCommand = command({
  does: "the policy over all runs of this folder: rates, latency, escalations, errors; where something changed, and what was different then",
  flags: trendFlags,
  example: "bakeoff trend --since 2026-11-01 --fail-on drift",
  run: async (options) => (await import("./action.ts")).trend(options),
});
