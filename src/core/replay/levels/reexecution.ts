// What running cargo again on a stored run's trees found.
import type { Finding, Gap, Ledger } from "./level.ts";

export interface Reexecution {
  /** Its counts. */
  readonly ledger: Ledger;
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly notes: readonly string[];
}
