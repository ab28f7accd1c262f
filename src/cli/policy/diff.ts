// `bakeoff policy diff`: what changed between two policies, and what it means.
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { diffPolicies, type DiffSide, type PolicyDifference } from "../../app/policy/diff.ts";
import type { PolicyChange } from "../../core/policy/change/change.ts";
import { changeText } from "../../core/policy/change/changelog.ts";
import type { PolicyDiffOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function policyDiff([before, after]: readonly string[], { policy, json, home }: PolicyDiffOptions): Promise<number> {
  const places = findPlaces({ home });
  const request = { policyFile: places.policyFile(policy), before: before ?? null, after: after ?? null };
  const difference = await diffPolicies(composePolicy(places), request);
  if (json) printDocument<"policy diff">({ format: 1, ...difference });
  else printText(differenceText(difference));
  return 0;
}

function differenceText({ before, after, level, changes, routes }: PolicyDifference): string {
  const summary = level === null ? "no change of content" : `${changes.length} ${changes.length === 1 ? "change" : "changes"}: ${level}`;
  const played = routes.map((route) => `  ${route.scenario}: ${route.before ?? "not played"} → ${route.after ?? "not played"}`);
  return [
    `${titleOf(before)} → ${titleOf(after)}`,
    ...changes.map((change) => `  ${changeLine(change)}`),
    summary,
    ...played,
    `${routes.length === 1 ? "1 golden scenario comes" : `${routes.length} golden scenarios come`} out otherwise`,
    "",
  ].join("\n");
}

const titleOf = ({ name, policyId }: DiffSide): string => `${policyId} (${name})`;

const changeLine = ({ key, before, after, effect, level }: PolicyChange): string => `${key}: ${changeText(before, after)}   ${effect} (${level})`;
