// Trials by how they ended: which are in a candidate's rates.
import { inSlot } from "./rate.ts";
import type { TrialFacts } from "./trial.ts";

export interface TrialCounts {
  readonly planned: number;
  readonly counted: number;
  /** The harness failed: they are in no rate. */
  readonly infrastructure: number;
  readonly unfinished: number;
  /** The candidate was never asked, because the breaker of its server was open: in no rate. */
  readonly unasked: number;
  /** Every call failed at the server, so that no answer ever came. They count, as lost. */
  readonly serverFailed: number;
  /** Counted, but the slot was not tried, or tried outside the policy: not in the slot's rates. */
  readonly withoutSlot: number;
}

export function trialCounts(trials: readonly TrialFacts[]): TrialCounts {
  const having = (standing: TrialFacts["standing"]): number => trials.filter((trial) => trial.standing === standing).length;
  const counted = having("counted");
  return {
    planned: trials.length,
    counted,
    infrastructure: having("infrastructure"),
    unfinished: having("unfinished"),
    unasked: having("unasked"),
    serverFailed: trials.filter((trial) => trial.standing === "counted" && trial.serverFailed).length,
    withoutSlot: counted - inSlot(trials).length,
  };
}
