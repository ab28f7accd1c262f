// The flags of `bakeoff promote`.
import { type OptionsOf, several, text, toggle } from "../command.ts";
import { key, policy } from "../options.ts";

export const promoteFlags = {
  candidate: text("<name>", "who takes the reflex slot"),
  decision: text("<file>", "the decision that bakeoff gate wrote"),
  policy,
  by: text("<name>", "who promotes (default: the user's name)"),
  trust: several("key", "public keys (base64) to trust beside the policy's"),
  rollback: toggle("take the last promotion back"),
  dryRun: toggle("print the change, write nothing"),
  key,
};

export type PromoteOptions = OptionsOf<typeof promoteFlags>;
