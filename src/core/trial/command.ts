// What the router can ask for, and the plan of the trial it asks it for.
import type { Risk, TaskKind } from "../suite/suite.ts";
import type { Conditions, FallbackReason } from "./conditions.ts";
import type { EventOf } from "./event.ts";
import type { Routing, Stage } from "./routing.ts";

/** The provider of what is built into this program. */
export const EMBEDDED_PROVIDER = "embedded";

/** The provider of patches that were made elsewhere: it only hands them over. */
export const EXTERNAL_PROVIDER = "external";

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
  readonly task: {
    readonly id: string;
    readonly kind: TaskKind;
    readonly risk: Risk;
    readonly tags?: readonly string[] | undefined;
    /** The files that a patch may change. */
    readonly editable?: readonly string[] | undefined;
  };
  /** The candidate under evaluation; null: the policy's own reflex model, with its fallbacks. */
  readonly slot: Binding | null;
  readonly epoch: number;
  /** Try the slot on tasks which the policy keeps from it. */
  readonly capability: boolean;
  readonly bindings: Bindings;
}

/** A model that stood before the one that serves, and why it does not. */
export interface SkippedModel {
  readonly model: string;
  readonly reason: FallbackReason;
}

/** How a decision came about, beside the routing that it ended in. */
export interface Choice {
  /** In the policy's order; empty where the first in the order serves. */
  readonly passedOver: readonly SkippedModel[];
  /** What was consulted beyond the trial's own history; null where all was calm. */
  readonly conditions: Conditions | null;
}

/** A command that costs tokens. */
export interface ModelCallCommand {
  readonly do: "plan" | "attempt" | "critique" | "judge";
  readonly routing: Routing;
  readonly choice: Choice;
}

export type Command =
  | { readonly do: "enter-stage"; readonly from: Stage | null; readonly to: Stage }
  | { readonly do: "consult-notebook"; readonly routing: Routing }
  | ModelCallCommand
  | { readonly do: "decide-gate"; readonly decision: EventOf<"GateDecision"> }
  | { readonly do: "note"; readonly event: EventOf<"ErrorEvent"> }
  /** The run's budget is spent: nothing is recorded in the trial, which can be gone on with from here. */
  | { readonly do: "stop"; readonly why: "run-budget-spent" }
  | { readonly do: "finished" };

const MODEL_CALLS: ReadonlySet<Command["do"]> = new Set<ModelCallCommand["do"]>(["plan", "attempt", "critique", "judge"]);

export const isModelCall = (command: Command): command is ModelCallCommand => MODEL_CALLS.has(command.do);
