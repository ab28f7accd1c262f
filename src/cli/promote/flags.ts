// The flags of `bakeoff promote`.
import { type OptionsOf, text, toggle } from "../command.ts";
import { policy, policyFrom, trust } from "../options.ts";

export const promoteFlags = {
  candidate: text("<name>", "who takes the reflex slot"),
  decision: text("<file>", "the decision that bakeoff gate wrote"),
  policy,
  by: text("<name>", "who promotes (default: the user's name)"),
  policyFrom,
  trust,
  rollback: toggle("take the last promotion back"),
  dryRun: toggle("print the change, write nothing"),
};

export type PromoteOptions = OptionsOf<typeof promoteFlags>;
