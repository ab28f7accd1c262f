// `bakeoff promote`: the policy change that a passing gate allows, and its way back.
import { userInfo } from "node:os";
import { BakeoffError } from "../../core/base/errors.ts";
import { world } from "../../app/compose.ts";
import { calledAs, defaultPolicy } from "../../app/places.ts";
import { promote as promoteBy, rollBack } from "../../app/gate/promotion.ts";

interface PromoteOptions {
  readonly candidate?: string;
  readonly decision?: string;
  readonly policy?: string;
  readonly by?: string;
  readonly key?: string;
  readonly trust?: readonly string[];
  readonly rollback: boolean;
  readonly dryRun: boolean;
}

export async function promote(options: PromoteOptions): Promise<number> {
  const policyFile = options.policy ?? defaultPolicy();
  process.stdout.write(options.rollback ? await rollBack(policyFile, options.dryRun) : await promoteBy({ ...(await needsOf(options)), policyFile }));
  if (options.dryRun) process.stderr.write("nothing was written (--dry-run)\n");
  else process.stderr.write(`Review the change, then commit it.${options.rollback ? "" : ` Its way back: ${calledAs()} promote --rollback`}\n`);
  return 0;
}

async function needsOf({ candidate, decision, by, key: file, trust, dryRun }: PromoteOptions) {
  if (candidate === undefined || decision === undefined)
    throw new BakeoffError("usage", "a promotion needs a candidate and its decision", "--candidate NAME --decision FILE, or --rollback");
  const key = await world.loadSigningKey(file ?? null);
  return { candidate, decision, by: by ?? userInfo().username, trusted: [...(trust ?? []), ...(key === null ? [] : [key.publicKey])], dryRun };
}
