// Where the passphrase of an export comes from: a file's first line, else the environment.
import type { LineListFile } from "../../ports/capsules.ts";

export interface PassphrasePorts {
  readonly words: LineListFile;
  /** `BAKEOFF_PASSPHRASE`; null where it is not set. */
  readonly passphrase: () => string | null;
}

export async function readPassphrase({ words, passphrase }: PassphrasePorts, file: string | null): Promise<string | null> {
  if (file === null) return passphrase();
  const [word] = await words(file, "the passphrase in its first line");
  return word ?? null;
}
