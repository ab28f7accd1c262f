// The flags of `bakeoff show`.
import { type OptionsOf, toggle, value } from "../command.ts";
import { json, whole } from "../options.ts";

export const showTrialFlags = {
  attempt: value("<n>", "only this attempt, with every text whole", whole(1, 1000)),
  nextFailure: toggle("the first trial worth looking at, or the one after TRIAL"),
  json,
};

export type ShowTrialOptions = OptionsOf<typeof showTrialFlags>;
