// How often each model served a role in a run, by selection reason.
import type { EventLine } from "../capsule/line.ts";
import type { Mode, Role } from "../trial/routing.ts";
import type { SelectionReason } from "../trial/reason.ts";

export interface RoutingCount {
  readonly role: Role;
  readonly mode: Mode;
  /** The model, or the stand-in that played it. */
  readonly servedBy: string;
  readonly reason: SelectionReason;
  readonly count: number;
}

/** Counts of routing decisions and notebook questions, in order of first appearance in the plan. */
export class RoutingTally {
  private readonly counts = new Map<string, RoutingCount>();

  /** The events of one trial. */
  add(events: readonly EventLine[]): void {
    for (const { payload } of events) {
      if (payload.type !== "RoutingDecision" && payload.type !== "RetrievalRequest") continue;
      const { role, mode, model, stand_in, selection_reason: reason } = payload;
      const servedBy = stand_in === null ? model : `stand-in ${stand_in}`;
      const key = [role, mode, servedBy, reason].join("\u0000");
      this.counts.set(key, { role, mode, servedBy, reason, count: (this.counts.get(key)?.count ?? 0) + 1 });
    }
  }

  list(): readonly RoutingCount[] {
    return [...this.counts.values()];
  }
}
