// `bakeoff policy sign`: a signature over the policy's hash.
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { signPolicy } from "../../app/policy/sign.ts";
import { policySources } from "../../app/policy/sources.ts";
import type { PolicySignOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function policySign(options: PolicySignOptions): Promise<number> {
  const places = findPlaces(options);
  const { key = null, newKey = null, json } = options;
  const signed = await signPolicy(composePolicy(places), {
    sources: policySources(options, places.policyFile(options.policy)),
    keyFile: key,
    newKeyFile: newKey,
  });
  const { policyId, hash, file, publicKey, trusted } = signed;
  if (json) printDocument<"policy sign">({ format: 1, ...signed });
  else printText(`${policyId} (${hash}) signed: ${file}\npublic key ${publicKey}\n`);
  if (!trusted) {
    process.stderr.write(
      `the policy does not trust this key yet, so the signature does not count.\n  → add "${publicKey}" to signing.trusted_keys, then: bakeoff policy bump, bakeoff policy sign --key FILE\n`,
    );
  }
  return 0;
}
