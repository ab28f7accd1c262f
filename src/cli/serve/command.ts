// `bakeoff serve` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { serveFlags } from "./flags.ts";

export const serveCommand = command({
  does: "start a candidate's own server, wait until it is ready, and stop it at the end; with a command behind --, it is there for as long as that runs",
  takes: ["<candidate>", "[command...]"],
  flags: serveFlags,
  example: "bakeoff serve gpt-oss-20b -- run --candidates gpt-oss-20b",
  run: async (options, candidate: string, words: readonly string[]) => (await import("./action.ts")).serve(candidate, words, options),
});
