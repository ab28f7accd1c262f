// A planned gate: its chances by the true difference, its cost, and the smallest plan that is likely enough.
import type { PlannedCost } from "../spending.ts";
import type { DesignSize } from "./design.ts";
import type { GateChances } from "./gate-chances.ts";
import type { Unreachable } from "./reachable.ts";

/** The chances at one true difference, in points. */
export interface PlannedRow extends GateChances {
  readonly difference: number;
}

export interface GatePlan {
  readonly candidate: string;
  readonly incumbent: string;
  readonly suite: string;
  readonly policy: string;
  readonly size: DesignSize;
  /** One-sided level of the gate. */
  readonly alpha: number;
  /** Where difficulties, losses and errors are from, in words. */
  readonly from: string;
  /** Criteria that no candidate could meet with this plan. */
  readonly unreachable: readonly Unreachable[];
  readonly rows: readonly PlannedRow[];
  readonly cost: PlannedCost;
  /** The fewest trials with which a candidate as good as the incumbent is promoted with a chance of 80 %; null: no number that was tried. */
  readonly smallest: (DesignSize & { readonly promote: number; readonly cost: PlannedCost }) | null;
  readonly gates: number;
}
