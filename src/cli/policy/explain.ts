// `bakeoff policy explain KEY`: what a key does, what it is, who reads it, which scenarios hold it.
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { type ExplainedKey, explainKey } from "../../app/policy/explain.ts";
import { policySources } from "../../app/policy/sources.ts";
import { valueText } from "../../core/policy/change/changelog.ts";
import { printDocument } from "../text/documents.ts";
import { outInk } from "../text/ink.ts";
import type { PolicyShowOptions } from "./flags.ts";

export async function policyExplain(key: string, options: PolicyShowOptions): Promise<number> {
  const places = findPlaces(options);
  const explained = await explainKey(composePolicy(places), policySources(options, places.policyFile(options.policy)), key);
  if (options.json) printDocument<"policy explain">({ format: 1, ...explained });
  else process.stdout.write(explainText(explained));
  return 0;
}

const explainText = ({ key, does, readers, values, scenarios }: ExplainedKey): string =>
  [
    `${outInk.bold(key)}: ${does}`,
    "",
    ...(values.length === 0
      ? ["It is not set here."]
      : values.map((value) => `${value.key} = ${valueText(value.value)}   (${value.layer ?? "layer not recorded"})`)),
    ...readers.map((reader) => `read by ${reader}`),
    ...(scenarios.length === 0 ? ["no golden scenario holds it"] : scenarios.map((name) => `held by the scenario: ${name}`)),
    "",
  ].join("\n");
