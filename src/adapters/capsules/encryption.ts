// Encrypts an export with age (https://age-encryption.org/v1) for named recipients or under a passphrase, and decrypts it.
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { Decrypter, Encrypter } from "age-encryption";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";

export interface EncryptFor {
  /** Public keys: `age1…`. */
  readonly recipients: readonly string[];
  /** Instead of recipients. */
  readonly passphrase: string | null;
}

export interface DecryptWith {
  /** Secret keys: `AGE-SECRET-KEY-…`. */
  readonly identities: readonly string[];
  readonly passphrase: string | null;
}

export const AGE_MAGIC = "age-encryption.org/v1";

// Node has its own type for the standard web stream.
const stream = (path: string): ReadableStream<Uint8Array> => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;

/** Throws `usage` for an invalid recipient. */
export async function encryptFile(from: string, to: string, { recipients, passphrase }: EncryptFor): Promise<void> {
  const encrypter = new Encrypter();
  try {
    if (passphrase !== null) encrypter.setPassphrase(passphrase);
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch (error) {
    throw new BakeoffError("usage", `the recipients can't be used: ${messageOf(error)}`, "give age public keys (age1…), or a passphrase, not both", {
      cause: error,
    });
  }
  await write(await encrypter.encrypt(stream(from)), to);
}

/** Throws `integrity` if no key opens it or it was changed; partial output is removed. */
export async function decryptFile(from: string, to: string, { identities, passphrase }: DecryptWith): Promise<void> {
  const decrypter = new Decrypter();
  if (passphrase === null && identities.length === 0)
    throw new BakeoffError("usage", `${from} is encrypted`, "name the key with --identity FILE, or the passphrase with --passphrase-file FILE");
  try {
    if (passphrase !== null) decrypter.addPassphrase(passphrase);
    for (const identity of identities) decrypter.addIdentity(identity);
  } catch (error) {
    throw new BakeoffError("usage", "the identity can't be used", "name a file with an age secret key (AGE-SECRET-KEY-1…)", { cause: error });
  }
  try {
    await write(await decrypter.decrypt(stream(from)), to);
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw new BakeoffError("environment", messageOf(error), "free some space on that disk", { cause: error });
    throw new BakeoffError("integrity", `${from} can't be decrypted: ${messageOf(error)}`, "check the key or the passphrase, or fetch the file again", {
      cause: error,
    });
  }
}

async function write(source: ReadableStream<Uint8Array>, to: string): Promise<void> {
  const temporary = `${to}.new`;
  try {
    await pipeline(Readable.fromWeb(source as NodeStream<Uint8Array>), createWriteStream(temporary, { flush: true }));
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}
