// The words of `bakeoff promote`.
import { command, type OptionsOf, several, text, toggle } from "../command.ts";
import { key, policy } from "../options.ts";

const flags = {
  candidate: text("<name>", "who takes the reflex slot"),
  decision: text("<file>", "the decision that bakeoff gate wrote"),
  policy,
  by: text("<name>", "who promotes (default: the user's name)"),
  trust: several("key", "public keys (base64) to trust beside the policy's"),
  rollback: toggle("take the last promotion back"),
  dryRun: toggle("print the change, write nothing"),
  key,
};

export type PromoteOptions = OptionsOf<typeof flags>;

export const promoteCommand = command({
  does: "write the policy change, version and changelog entry that a decision to promote allows",
  flags,
  example: "bakeoff promote --candidate qwen3-coder-30b-a3b-awq --decision reports/gates/DECISION.json",
  run: async (options) => (await import("./action.ts")).promote(options),
});
