// `bakeoff gate verify`: is a stored decision what its capsules, its registration and its policy lead to?
import { composeGate } from "../../app/compose/gate.ts";
import { verifyDecision } from "../../app/gate/verify.ts";
import { findPlaces } from "../../app/places.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { authorityIn } from "./authority.ts";
import type { GateVerifyOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function gateVerify(decision: string, options: GateVerifyOptions): Promise<number> {
  const places = findPlaces(options);
  const { json, policy, policyFrom } = options;
  const request = { decision, ...authorityIn(options, places), isBinding: (policyFrom ?? policy) !== undefined };
  const { claim, links, sha256 } = await verifyDecision(composeGate(places), request);
  const { verdict, candidate } = claim.decision;
  if (json) printDocument<"gate verify">({ format: 1, path: decision, sha256, verdict, candidate, links });
  else for (const { name, fault, says, open } of links) printText(`${fault !== null ? "✗" : open ? "–" : "✓"} ${name}: ${fault ?? says}\n`);
  const broken = links.filter(({ fault }) => fault !== null);
  if (broken.length === 0) return 0;
  throw new BakeoffError(
    "integrity",
    `${broken.length} of ${links.length} links do not hold: ${broken.map(({ name }) => name).join(", ")}`,
    "gate again from the capsules themselves",
  );
}
