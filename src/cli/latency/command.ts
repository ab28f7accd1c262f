// `bakeoff latency` as data: what it does, its flags and its action.
import { command } from "../command.ts";
import { latencyFlags } from "./flags.ts";

export const latencyCommand = command({
  does: "time the candidates' servers, without cargo",
  flags: latencyFlags,
  example: "bakeoff latency --candidates gpt-oss-20b --concurrency 1,4,16 --rate 2 --out latency.jsonl",
  run: async (options) => (await import("./action.ts")).latency(options),
});
