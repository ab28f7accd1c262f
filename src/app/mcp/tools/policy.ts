// The assistant's tool that explains the policy: its values with their layers, and the rules that route and decide.
import { z } from "zod";
import { CRITERIA } from "../../../core/gate/criteria/criteria.ts";
import { CRITERION_NAMES } from "../../../core/gate/criteria/names.ts";
import { valueText } from "../../../core/policy/change/changelog.ts";
import { BARS } from "../../../core/router/implementer.ts";
import { RULES } from "../../../core/router/next.ts";
import { onlyPolicy } from "../../policy/sources.ts";
import { showPolicy } from "../../policy/show.ts";
import { queryTool } from "../tool.ts";

const listed = (rules: readonly { readonly name: string; readonly sentence: string }[]): readonly string[] =>
  rules.map(({ name, sentence }) => `- ${name}: ${sentence}`);

export const explainPolicy = queryTool(
  "The policy that lies here: each value with the layer that it comes from, the rules that route a trial in their order, and what the gate asks.",
  {
    file: z.string().optional().describe("policy file (default: the home's)"),
    section: z.string().optional().describe("only values whose key begins so, such as reflex or gates.reflex_promotion"),
  },
  async ({ policy, places }, { file, section = "" }) => {
    const shown = await showPolicy(policy, onlyPolicy(places.policyFile(file)));
    const values = shown.values.filter(({ key }) => key.startsWith(section));
    const routing = RULES.map(({ name, sentence }) => ({ name, sentence }));
    const reflexBars = BARS.map(({ reason, sentence }) => ({ name: reason, sentence }));
    const gate = CRITERION_NAMES.map((name) => ({ name, sentence: CRITERIA[name].sentence }));
    const text = [
      `${shown.policyId} (${shown.hash})`,
      ...values.map(({ key, value, layer }) => `${key} = ${valueText(value)}   (${layer ?? "layer not recorded"})`),
      ...shown.candidates.map(({ name, provider, model }) => `candidate ${name}: ${model} on ${provider}`),
      "",
      "A trial is routed by the first of these rules that applies:",
      ...listed(routing),
      "",
      "Reflex is kept out of a whole trial by:",
      ...listed(reflexBars),
      "",
      "The gate promotes a candidate that meets all of these:",
      ...listed(gate),
    ].join("\n");
    return { text, data: { policy: shown.policyId, hash: shown.hash, values, candidates: shown.candidates, routing, reflexBars, gate } };
  },
);
