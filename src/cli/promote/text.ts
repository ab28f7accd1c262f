// A promotion as people review it, and what is left for them to do.
import type { PolicyRewrite } from "../../app/gate/promotion.ts";
import { unifiedDiff } from "../../core/text/diff.ts";
import type { PromoteOptions } from "./flags.ts";

export const diffText = ({ files }: PolicyRewrite): string => files.map(({ path, before, after }) => unifiedDiff(path, before, after)).join("");

export function nextSteps({ needsSignature }: PolicyRewrite, { dryRun, rollback }: Pick<PromoteOptions, "dryRun" | "rollback">, calledAs: string): string {
  if (dryRun) return "nothing was written (--dry-run)\n";
  return [
    `Review the change, then commit it.${rollback ? "" : ` Its way back: ${calledAs} promote --rollback`}`,
    ...(needsSignature ? [`The policy must be signed anew: ${calledAs} policy sign --key FILE`] : []),
    "",
  ].join("\n");
}
