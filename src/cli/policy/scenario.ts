// `bakeoff policy scenario add RUN TRIAL`: the policy is held to a recorded decision, as it is or as it should have been.
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { type AddedScenario, addScenario } from "../../app/policy/scenario.ts";
import type { PolicyScenarioOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function policyScenarioAdd([run = "", trial = ""]: readonly string[], options: PolicyScenarioOptions): Promise<number> {
  const places = findPlaces(options);
  const { attempt, should, name = null } = options;
  const added = await addScenario(composePolicy(places), { policyFile: places.policyFile(options.policy), run, trial, attempt, should, name });
  if (options.json) printDocument<"policy scenario add">({ format: 1, ...added });
  else printText(addedText(added, places.calledAs));
  return 0;
}

const addedText = ({ name, file, now, expect, change }: AddedScenario, calledAs: string): string =>
  [
    `${file} holds the scenario "${name}":`,
    `  ${expect}`,
    ...(change === null
      ? ["The policy comes to it."]
      : ["The policy comes to another decision:", `  ${now}`, "What would change that, and nothing else:", `  ${change}`]),
    `${calledAs} policy validate says whether it holds.`,
    "",
  ].join("\n");
