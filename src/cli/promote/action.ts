// `bakeoff promote`: the policy change that a passing gate allows, and its way back.
import { userInfo } from "node:os";
import { composeGate } from "../../app/compose/gate.ts";
import { type PolicyRewrite, promoteCandidate, type PromoteRequest, rollBackPromotion } from "../../app/gate/promotion.ts";
import { findPlaces } from "../../app/places.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { AuthorityRequest } from "../../app/gate/authority.ts";
import { authorityIn } from "../gate/authority.ts";
import type { PromoteOptions } from "./flags.ts";
import { diffText, nextSteps } from "./text.ts";

export async function promote(options: PromoteOptions): Promise<number> {
  const places = findPlaces(options);
  const policyFile = places.policyFile(options.policy);
  const ports = composeGate(places);
  const change: PolicyRewrite = options.rollback
    ? await rollBackPromotion(ports, { policyFile, dryRun: options.dryRun })
    : await promoteCandidate(ports, requestOf(options, authorityIn(options, places)));
  process.stdout.write(diffText(change));
  process.stderr.write(nextSteps(change, options, places.calledAs));
  return 0;
}

function requestOf({ candidate, decision, by, dryRun }: PromoteOptions, authority: AuthorityRequest): PromoteRequest {
  if (candidate === undefined || decision === undefined)
    throw new BakeoffError("usage", "a promotion needs a candidate and its decision", "--candidate NAME --decision FILE, or --rollback");
  return { candidate, decision, by: by ?? userInfo().username, ...authority, dryRun };
}
