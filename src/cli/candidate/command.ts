// The `candidate` commands.
import { command, group } from "../command.ts";
import { candidateAddFlags, candidateFlags, candidateListFlags, candidateTestFlags } from "./flags.ts";

export const candidateCommand = group({
  does: "the model servers that may be tried: candidates.toml beside the policy",
  example: "bakeoff candidate list",
  byDefault: "list",
  commands: {
    list: command({
      does: "the candidates, or those that a branch has added or changed",
      flags: candidateListFlags,
      example: "bakeoff candidate list --changed-from origin/main --names",
      run: async (options) => (await import("./action.ts")).candidateList(options),
    }),
    add: command({
      does: "write an entry by what the server says of itself",
      takes: ["<name>"],
      flags: candidateAddFlags,
      example: "bakeoff candidate add qwen3-coder --endpoint http://127.0.0.1:8000/v1",
      run: async (options, name: string) => (await import("./action.ts")).candidateAdd(name, options),
    }),
    test: command({
      does: "does its server answer, and serve its model?",
      takes: ["<name>"],
      flags: candidateTestFlags,
      example: "bakeoff candidate test gpt-oss-20b --ask",
      run: async (options, name: string) => (await import("./action.ts")).candidateTest(name, options),
    }),
    remove: command({
      does: "take an entry out",
      takes: ["<name>"],
      flags: candidateFlags,
      example: "bakeoff candidate remove qwen2.5-coder-32b-awq",
      run: async (options, name: string) => (await import("./action.ts")).candidateRemove(name, options),
    }),
  },
});
