// What a policy's files say while a run goes on.
import type { Sha256 } from "../core/base/canonical.ts";

/** What lies in a policy's files: a compiled policy with the bytes of its snapshot, or why there is none. */
export type PolicyReading =
  | { readonly ok: true; readonly id: string; readonly hash: Sha256; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Watches the files that a run's policy came from. Never throws: what can't be read is said. */
export interface PolicySource {
  /** Null where no file was touched since the last look: that costs next to nothing. */
  look(): Promise<PolicyReading | null>;
}
