// Where signing keys come from: a file, or an environment variable that holds the key itself.
import { readFile, writeFile } from "node:fs/promises";
import { newSigningKey, readSigningKey, type SigningKey } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";

/** Its value is the PKCS #8 PEM itself: for CI, where secrets are variables. Never printed, never stored. */
export const KEY_VARIABLE = "BAKEOFF_SIGNING_KEY";

/** The key in the file, else in the variable; null if there is neither. Throws `usage` if it is not an ed25519 key. */
export async function loadSigningKey(file: string | null): Promise<SigningKey | null> {
  if (file !== null) return readSigningKey(await readPem(file));
  const pem = process.env[KEY_VARIABLE];
  return pem ? readSigningKey(pem) : null;
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new BakeoffError("usage", `the signing key ${file} can't be read`, "name a PKCS #8 PEM file, or make one: bakeoff policy sign --new-key FILE", {
      cause: error,
    });
  }
}

/** Creates a key in a new file that only its owner may read. Throws `usage` if the file exists. */
export async function createKeyFile(file: string): Promise<SigningKey> {
  const { key, pem } = newSigningKey();
  try {
    await writeFile(file, pem, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new BakeoffError("usage", `the key can't be written to ${file}`, "name a new file in a writable folder", { cause: error });
  }
  return key;
}
