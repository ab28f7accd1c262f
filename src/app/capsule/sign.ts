// Signs a sealed capsule.
import { BakeoffError } from "../../core/base/errors.ts";
import type { StoredCapsules } from "../../ports/capsules.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { Places } from "../places.ts";

export interface SignPorts {
  readonly capsules: Pick<StoredCapsules, "sign">;
  readonly keys: SigningKeys;
  readonly places: Pick<Places, "capsule">;
}

export interface SignRequest {
  /** A run id, or a path. */
  readonly capsule: string;
  /** Null: the key of the environment. */
  readonly keyFile: string | null;
  /** Make a key in this file, and sign with it. */
  readonly newKeyFile: string | null;
}

/** Throws `usage` where there is no key, `integrity` where the capsule does not verify. */
export async function signStored({ capsules, keys, places }: SignPorts, request: SignRequest): Promise<{ readonly path: string; readonly publicKey: string }> {
  const key = request.newKeyFile === null ? await keys.load(request.keyFile) : await keys.create(request.newKeyFile);
  if (!key) throw new BakeoffError("usage", "no signing key", "set BAKEOFF_SIGNING_KEY to its PEM, name a file with --key, or make one with --new-key FILE");
  return { path: await capsules.sign(places.capsule(request.capsule), key), publicKey: key.publicKey };
}
