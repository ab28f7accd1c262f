// `bakeoff policy show`: what does a policy say, and which layer says it?
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { type PolicyDisplay, showFile, type ShownPolicy, showPolicy } from "../../app/policy/show.ts";
import { policySources } from "../../app/policy/sources.ts";
import { valueText } from "../../core/policy/change/changelog.ts";
import type { SpecKitPolicy } from "../../core/policy/spec-kit.ts";
import type { PolicyShowOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function policyShow(file: string | undefined, options: PolicyShowOptions): Promise<number> {
  const places = findPlaces(options);
  const sources = policySources(options, places.policyFile(file ?? options.policy));
  const shown = await (file === undefined ? showPolicy(composePolicy(places), sources) : showFile(composePolicy(places), file, sources));
  if (options.json) printDocument<"policy show">({ format: 1, ...factsOf(shown) });
  else printText(textOf(shown));
  return 0;
}

function factsOf(shown: PolicyDisplay): Omit<ShownPolicy, "form"> | SpecKitPolicy {
  if (shown.form === "spec-kit") return shown.policy;
  const { form: _form, ...facts } = shown;
  return facts;
}

const textOf = (shown: PolicyDisplay): string => (shown.form === "spec-kit" ? specKitText(shown.policy) : policyText(shown));

const policyText = ({ policyId, hash, values, candidates }: ShownPolicy): string =>
  [
    `${policyId} (${hash})`,
    "",
    ...values.map(({ key, value, layer }) => `${key} = ${valueText(value)}   (${layer ?? "layer not recorded"})`),
    ...candidates.map(({ name, provider, model }) => `candidate ${name}: ${model} on ${provider}`),
    "",
  ].join("\n");

function specKitText({ policyId, hash, hashVerifies, schemaVersion, values, unmapped, lacks }: SpecKitPolicy): string {
  return [
    `${policyId} (${hash}), Spec-Kit form ${schemaVersion}; ${hashVerifies ? "its hash verifies" : "its hash is not that of its canonical JSON"}`,
    "",
    ...values.map(({ key, value, from }) => `${key} = ${valueText(value)}   (${from})`),
    ...unmapped.map(({ from, value }) => `no term here: ${from} = ${valueText(value)}`),
    "",
    `it says nothing about: ${lacks.join(", ")}`,
    "",
  ].join("\n");
}
