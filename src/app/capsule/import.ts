// Takes in a capsule from elsewhere; everything is checked.
import type { ImportedCapsule, StoredCapsules, TrustedKeys } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";
import { type PassphrasePorts, readPassphrase } from "./passphrase.ts";
import type { Trust } from "./verify.ts";

export interface ImportPorts extends PassphrasePorts {
  readonly capsules: Pick<StoredCapsules, "import">;
  readonly trustedKeys: TrustedKeys;
  readonly places: Pick<Places, "capsules">;
}

export interface CapsuleImportRequest {
  /** A capsule, or an export of one. */
  readonly file: string;
  /** A file with the age secret key that opens it. */
  readonly identityFile: string | null;
  readonly passphraseFile: string | null;
  readonly trust: Trust;
}

/** Throws `integrity` for anything that does not verify. */
export async function importStored(ports: ImportPorts, { file, identityFile, passphraseFile, trust }: CapsuleImportRequest): Promise<ImportedCapsule> {
  const identities = identityFile === null ? [] : await ports.words(identityFile, "an age secret key (AGE-SECRET-KEY-1…)");
  const trusted = await ports.trustedKeys(trust.keys, trust.file);
  const passphrase = identities.length > 0 ? null : await readPassphrase(ports, passphraseFile);
  return ports.capsules.import(file, ports.places.capsules, { identities, passphrase, trusted });
}
