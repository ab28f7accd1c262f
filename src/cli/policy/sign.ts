// `bakeoff policy sign`: a signature over the policy's hash.
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { signPolicy } from "../../app/policy/sign.ts";
import { policySources } from "../../app/policy/sources.ts";
import type { PolicySignOptions } from "./flags.ts";

export async function policySign(options: PolicySignOptions): Promise<number> {
  const places = findPlaces(options);
  const { key = null, newKey = null, json } = options;
  const signed = await signPolicy(composePolicy(places), {
    sources: policySources(options, places.policyFile(options.policy)),
    keyFile: key,
    newKeyFile: newKey,
  });
  const { policy_id, hash, file, public_key, trusted } = signed;
  process.stdout.write(json ? `${JSON.stringify(signed, null, 2)}\n` : `${policy_id} (${hash}) signed: ${file}\npublic key ${public_key}\n`);
  if (!trusted) {
    process.stderr.write(
      `the policy does not trust this key yet, so the signature does not count.\n  → add "${public_key}" to signing.trusted_keys, then: bakeoff policy bump, bakeoff policy sign --key FILE\n`,
    );
  }
  return 0;
}
