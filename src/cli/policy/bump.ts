// `bakeoff policy bump`: a version that fits the changes.
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { type Bump, bumpPolicy } from "../../app/policy/bump.ts";
import type { PolicyBumpOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function policyBump({ policy, level, against, reason, json, home }: PolicyBumpOptions): Promise<number> {
  const places = findPlaces({ home });
  const request = { policyFile: places.policyFile(policy), level: level ?? null, against: against ?? null, reason: reason ?? null };
  const done = await bumpPolicy(composePolicy(places), request);
  const { version, level: step, from, changes } = done;
  if (json) printDocument<"policy bump">({ format: 1, version, level: step, from, changes });
  else printText(textOf(done));
  return 0;
}

const textOf = ({ version, level, from, base, written }: Bump): string =>
  written.length === 0 || level === null
    ? `${version} covers the change since ${from} of ${base}: nothing to do\n`
    : `${from} → ${version} (${level}): ${written.join(", ")}\n`;
