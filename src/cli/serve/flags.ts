// The words of `bakeoff serve`.
import { command, type OptionsOf, text, value } from "../command.ts";
import { policy, whole } from "../options.ts";

const flags = {
  checkpoint: text("<id|dir>", "what stands where the start line has <…>"),
  readyTimeout: value("<s>", "seconds that loading may take", whole(1, 86_400), 1200),
  policy,
};

export type ServeOptions = OptionsOf<typeof flags>;

export const serveCommand = command({
  does: "start a candidate's own server, wait until it is ready, and stop it at the end; with a command behind --, it is there for as long as that runs",
  takes: ["<candidate>", "[command...]"],
  flags,
  example: "bakeoff serve gpt-oss-20b -- run --candidates gpt-oss-20b",
  run: async (options, candidate: string, words: readonly string[]) => (await import("./action.ts")).serve(candidate, words, options),
});
