// `bakeoff baseline` as data: what is agreed to be normal, and by whom.
import { command, group } from "../command.ts";
import { acknowledgeFlags, baselineListFlags, blessFlags } from "./flags.ts";

export const baselineCommand = group({
  does: "what later runs are held against: bless runs, take note of a regression; signed, and never moved by a run",
  example: "bakeoff baseline list",
  byDefault: "list",
  commands: {
    list: command({
      does: "what was agreed on, by whom and why",
      flags: baselineListFlags,
      example: "bakeoff baseline list",
      run: async (options) => (await import("./action.ts")).baselineList(options),
    }),
    bless: command({
      does: "hold later runs against the comparable runs up to this one, and against nothing else",
      takes: ["<run>"],
      flags: blessFlags,
      example: 'bakeoff baseline bless RUN --by ada --reason "ten quiet nights" --key team.pem',
      run: async (options, run: string) => (await import("./action.ts")).baselineBless(run, options),
    }),
    acknowledge: command({
      does: "say that candidates are known to be worse since this run: that alarms no more, until they get worse still",
      takes: ["<run>"],
      flags: acknowledgeFlags,
      example: 'bakeoff baseline acknowledge RUN --candidates gpt-oss-20b --by ada --reason "new quantisation, cheaper" --key team.pem',
      run: async (options, run: string) => (await import("./action.ts")).baselineAcknowledge(run, options),
    }),
  },
});
