// `bakeoff policy validate`: is the policy sound?
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { policySources } from "../../app/policy/sources.ts";
import { type PolicyValidation, validatePolicy } from "../../app/policy/validate.ts";
import { WrittenFileError } from "../../core/base/errors.ts";
import { POLICY_RULES } from "../../core/policy/rules/rules.ts";
import { homelessLine } from "../text/homeless.ts";
import { errInk } from "../text/ink.ts";
import type { PolicyValidateOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function policyValidate(file: string | undefined, options: PolicyValidateOptions): Promise<number> {
  const places = findPlaces(options);
  if (places.home === null && file === undefined && options.policy === undefined) process.stderr.write(`${homelessLine(places)}\n`);
  try {
    const sources = policySources(options, places.policyFile(file ?? options.policy));
    print(await validatePolicy(composePolicy(places), { sources, against: options.against ?? null, suite: options.suite ?? null }), options.json);
    return 0;
  } catch (error) {
    if (!options.json || !(error instanceof WrittenFileError)) throw error;
    printDocument<"policy validate">({ format: 1, ok: false, issues: error.issues });
    return 3;
  }
}

function print(found: PolicyValidation, json: boolean): void {
  if (json) {
    const rules = POLICY_RULES.map(({ name, sentence, severity }) => ({ name, sentence, severity }));
    printDocument<"policy validate">({ format: 1, ok: true, ...found, rules });
    return;
  }
  printText(validationText(found));
  for (const warning of found.warnings) process.stderr.write(`${errInk.yellow(`warning: ${warning}`)}\n`);
}

function validationText({ read, policyId, hash, version, scenarios, defaults, missing }: PolicyValidation): string {
  return [
    `${policyId} is valid (${hash})`,
    `read: ${read.join(", ")}`,
    ...POLICY_RULES.map(({ name, sentence, severity }) => `${severity === "error" ? "✓" : "·"} ${name}: ${sentence}`),
    `✓ ${scenarios} golden scenarios come to their decisions; they reach every rule and reason of the router`,
    `version: ${version}`,
    ...(missing === null ? [] : [missing === "" ? "✓ a perfect candidate would be promoted on that suite" : `✗ cannot promote on that suite: ${missing}`]),
    ...(defaults.length > 0 ? [`left to the built-in defaults: ${defaults.join(", ")}`] : []),
    "",
  ].join("\n");
}
