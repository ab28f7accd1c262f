// A capsule's signature in the file beside it, and the keys that a reader trusts.
import { canonicalJson } from "../../core/base/canonical.ts";
import { type Envelope, type SigningKey, signStatement } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { capsuleStatement } from "../../core/capsule/proof/statement.ts";
import { readBoundedJson } from "../files/bounded-json.ts";
import { signaturePath } from "./paths.ts";
import { checkCapsule } from "./check.ts";
import { replaceFile } from "../files/disk.ts";
import { readLineList } from "../files/line-list-file.ts";

/** Signs a sealed capsule that verifies; returns the signature's path. Throws `integrity` for one that does not verify. */
export async function signCapsule(capsule: string, key: SigningKey): Promise<string> {
  const checked = await checkCapsule(capsule, []);
  const [fault] = checked.faults;
  if (fault || !checked.seal)
    throw new BakeoffError("integrity", `${capsule} does not verify: ${fault?.fault ?? "no seal"}`, "only a capsule that verifies can be signed");
  const statement = capsuleStatement(checked.header, checked.seal, { fileHash: checked.fileHash, publicKey: key.publicKey });
  const path = signaturePath(capsule);
  await replaceFile(path, `${canonicalJson(signStatement(statement, key) satisfies Envelope)}\n`);
  return path;
}

const MAX_SIGNATURE_BYTES = 1_000_000;

/** The envelope beside a capsule; null if it is not signed. */
export const readSignature = (capsule: string): Promise<unknown> => readBoundedJson(signaturePath(capsule), MAX_SIGNATURE_BYTES);

const RAW_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** Public keys from the command line and from a file with one per line (`#` starts a comment): raw ed25519 keys in base64. */
export async function trustedKeys(keys: readonly string[], file: string | null): Promise<readonly string[]> {
  const listed = file === null ? [] : await readLineList(file, "one public key a line");
  const all = [...keys, ...listed];
  const wrong = all.find((key) => !RAW_KEY.test(key));
  if (wrong !== undefined)
    throw new BakeoffError(
      "usage",
      `${wrong.slice(0, 60)} is not a public key`,
      "give a raw ed25519 public key in base64 (44 characters), as capsule sign prints it",
    );
  return all;
}
