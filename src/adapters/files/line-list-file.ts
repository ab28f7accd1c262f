// Reads a small file with one value per line, `#` starting a comment: keys, identities, a passphrase.
import { readFile, stat } from "node:fs/promises";
import { BakeoffError } from "../../core/base/errors.ts";

const MAX_BYTES = 1_000_000;

/** Throws `usage` if the file can't be read, is too large, or is empty. `what` names the expected content. */
export async function readLineList(path: string, what: string): Promise<readonly string[]> {
  const text = await read(path, what);
  const words = text.split("\n").flatMap((line) => {
    const word = line.trim();
    return word === "" || word.startsWith("#") ? [] : [word];
  });
  if (words.length > 0) return words;
  throw new BakeoffError("usage", `${path} is empty`, `name a file with ${what}`);
}

async function read(path: string, what: string): Promise<string> {
  try {
    if ((await stat(path)).size <= MAX_BYTES) return await readFile(path, "utf8");
  } catch (error) {
    throw new BakeoffError("usage", `${path} can't be read`, `name a file with ${what}`, { cause: error });
  }
  throw new BakeoffError("usage", `${path} is larger than ${MAX_BYTES} bytes`, `name a file with ${what}`);
}
