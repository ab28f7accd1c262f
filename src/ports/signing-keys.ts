// Keys that sign: where a use case gets one from.
import type { SigningKey } from "../core/base/dsse.ts";

export interface SigningKeys {
  /** The key of the file, else of the environment; null where there is neither. Throws `usage` for what holds no ed25519 key. */
  load(file: string | null): Promise<SigningKey | null>;
  /** Makes a key in a new file. Throws `usage` where the file is there already. */
  create(file: string): Promise<SigningKey>;
}
