// What the router can ask for, and the plan of the trial it asks it for.
import type { Risk, TaskKind } from "../suite/suite.ts";
import type { EventOf, Routing, Stage } from "./event.ts";

/** The model that serves a role in this run. */
export interface Binding {
  readonly provider: string;
  readonly model: string;
  /** The embedded stand-in that plays the role, where the policy's own model can't be reached. */
  readonly standIn: string | null;
}

export interface Bindings {
  readonly architect: Binding;
  readonly implementer: Binding;
  readonly judge: Binding;
  readonly sidecarCritic: Binding;
  readonly notebook: Binding;
}

/** One task, one candidate in the slot, one epoch. */
export interface TrialPlan {
  readonly id: string;
  readonly task: { readonly id: string; readonly kind: TaskKind; readonly risk: Risk };
  readonly slot: Binding;
  readonly epoch: number;
  /** Try the slot on tasks which the policy keeps from it. */
  readonly capability: boolean;
  readonly bindings: Bindings;
}

export type Command =
  | { readonly do: "enter-stage"; readonly from: Stage | null; readonly to: Stage }
  | { readonly do: "consult-notebook"; readonly routing: Routing }
  | { readonly do: "plan"; readonly routing: Routing }
  | { readonly do: "attempt"; readonly routing: Routing }
  | { readonly do: "critique"; readonly routing: Routing }
  | { readonly do: "judge"; readonly routing: Routing }
  | { readonly do: "decide-gate"; readonly decision: EventOf<"GateDecision"> }
  | { readonly do: "finished" };
