// `bakeoff report` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { reportFlags } from "./flags.ts";

export const reportCommand = command({
  does: "reports from a stored capsule, or from several as one set",
  takes: ["<capsules...>"],
  flags: reportFlags,
  example: "bakeoff report capsules/RUN.capsule.jsonl --format md,csv --out /tmp/report",
  run: async (options, capsules: readonly string[]) => (await import("./action.ts")).report(capsules, options),
});
