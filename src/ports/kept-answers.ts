// Answers of earlier model calls, one file each, under the hash of all that was sent.
import type { Sha256 } from "../core/base/canonical.ts";

export interface KeptAnswers {
  /** What lies there, as it was written; null where nothing does. Throws `integrity` for what is no JSON, or too large. */
  find(key: Sha256): Promise<unknown>;
  /** Whole or not at all. Throws `environment` where the disk refuses. */
  keep(key: Sha256, entry: object): Promise<void>;
}

/** Makes the folder. Throws `environment` where it can't be written. */
export type OpenKeptAnswers = (folder: string) => Promise<KeptAnswers>;
