// `bakeoff view` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { viewFlags } from "./flags.ts";

export const viewCommand = command({
  does: "the runs in a browser: rates, tasks, trials, comparisons, trend, live runs, audits",
  takes: ["[runs...]"],
  flags: viewFlags,
  example: "bakeoff view --export /tmp/site",
  notes:
    "Serves 127.0.0.1 only, read-only, to whoever has the address that it prints. Runs: ids or files; none: all of this folder. Several that can be taken together are one run, too.",
  run: async (options, runs: readonly string[]) => (await import("./action.ts")).view(runs, options),
});
