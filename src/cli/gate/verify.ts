// `bakeoff gate verify`: is a stored decision what its capsules, its registration and its policy lead to?
import { composeGate } from "../../app/compose/gate.ts";
import { verifyDecision } from "../../app/gate/verify.ts";
import { findPlaces } from "../../app/places.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { GateVerifyOptions } from "./flags.ts";

export async function gateVerify(decision: string, { key, trust, json }: GateVerifyOptions): Promise<number> {
  const { claim, links, sha256 } = await verifyDecision(composeGate(findPlaces()), { decision, trusted: trust ?? [], keyFile: key ?? null });
  const { verdict, candidate } = claim.decision;
  if (json) process.stdout.write(`${JSON.stringify({ path: decision, sha256, verdict, candidate, links }, null, 2)}\n`);
  else for (const { name, fault, says } of links) process.stdout.write(`${fault === null ? "✓" : "✗"} ${name}: ${fault ?? says}\n`);
  const broken = links.filter(({ fault }) => fault !== null);
  if (broken.length === 0) return 0;
  throw new BakeoffError(
    "integrity",
    `${broken.length} of ${links.length} links do not hold: ${broken.map(({ name }) => name).join(", ")}`,
    "gate again from the capsules themselves",
  );
}
