// `bakeoff promote`: the policy change that a passing gate allows, and its way back.
import { userInfo } from "node:os";
import { composeGate } from "../../app/compose/gate.ts";
import { promote as promoteBy, type PromoteRequest, rollBack } from "../../app/gate/promotion.ts";
import { calledAs, defaultPolicy } from "../../app/places.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { unifiedDiff } from "../../core/text/diff.ts";
import type { PromoteOptions } from "./flags.ts";

export async function promote(options: PromoteOptions): Promise<number> {
  const ports = composeGate();
  const { rollback, dryRun } = options;
  const { files, needsSignature } = rollback
    ? await rollBack(ports, { policyFile: options.policy ?? defaultPolicy(), dryRun })
    : await promoteBy(ports, requestOf(options));
  process.stdout.write(files.map(({ path, before, after }) => unifiedDiff(path, before, after)).join(""));
  if (dryRun) process.stderr.write("nothing was written (--dry-run)\n");
  else process.stderr.write(`Review the change, then commit it.${rollback ? "" : ` Its way back: ${calledAs()} promote --rollback`}\n`);
  if (needsSignature && !dryRun) process.stderr.write(`The policy must be signed anew: ${calledAs()} policy sign --key FILE\n`);
  return 0;
}

function requestOf({ candidate, decision, policy, by, key, trust, dryRun }: PromoteOptions): PromoteRequest {
  if (candidate === undefined || decision === undefined)
    throw new BakeoffError("usage", "a promotion needs a candidate and its decision", "--candidate NAME --decision FILE, or --rollback");
  return {
    candidate,
    decision,
    policyFile: policy ?? defaultPolicy(),
    by: by ?? userInfo().username,
    trusted: trust ?? [],
    keyFile: key ?? null,
    dryRun,
  };
}
