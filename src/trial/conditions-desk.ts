// What a run knows beyond its single trials: breakers, measured health and the budget; told to the router, and recorded.
import type { WrittenPolicy } from "../core/policy/schema.ts";
import { afterCall, atTime, CLOSED, probed, serverAnswered, visibleState, type BreakerStep } from "../core/router/breaker.ts";
import { budgetEvents, exhaustedBudget, runNote } from "../core/router/budget.ts";
import type { Command, TrialPlan } from "../core/trial/command.ts";
import type { Conditions } from "../core/trial/conditions.ts";
import type { EventOf, TrialEvent } from "../core/trial/event.ts";
import { breakerOf } from "../core/router/reflex.ts";
import { EMBEDDED_PROVIDER } from "../core/trial/command.ts";
import type { Clock } from "../ports/clock.ts";
import type { RunKnowledge } from "./run-knowledge.ts";

export interface ConditionsDesk {
  /** What the next decision of a trial goes by. */
  look(plan: TrialPlan): Conditions;
  /** To be called with what was decided before anything is awaited: a half-open breaker lets only so many calls through. */
  begin(command: Command): void;
  /** Takes in what a step brought. */
  observe(step: readonly TrialEvent[]): void;
  /** Events of the whole run that came up since the last call. */
  takeFresh(): readonly TrialEvent[];
  /** Why no further model is called; null while the run may spend. */
  stopped(): string | null;
}

export interface DeskOptions {
  readonly policy: WrittenPolicy;
  readonly clock: Clock;
  /** What the run has found out; the desk adds to it. */
  readonly knowledge: RunKnowledge;
  /** Whoever started the run lets it spend more than its budget. */
  readonly overrideBudget: boolean;
}

export const openConditionsDesk = (options: DeskOptions): ConditionsDesk => new Desk(options);

class Desk implements ConditionsDesk {
  private readonly options: DeskOptions;
  private readonly known: RunKnowledge;
  private fresh: TrialEvent[] = [];

  constructor(options: DeskOptions) {
    this.options = options;
    this.known = options.knowledge;
    if (options.overrideBudget) this.fresh.push(runNote("budget-override", "the run may spend more than its budget: --override-budget was given"));
  }

  look({ slot }: TrialPlan): Conditions {
    const now = this.options.clock.now();
    for (const [id, breaker] of this.known.breakers) this.turn(id, atTime(this.options.policy.breaker, breaker, now));
    const breakers = [...this.known.breakers].map(([id, breaker]) => [id, visibleState(this.options.policy.breaker, breaker)] as const);
    // A candidate under evaluation is not held against thresholds.
    const health = slot === null ? [...this.known.samples].map(([name, samples]) => [name, samples.health] as const) : [];
    const over = exhaustedBudget(this.options.policy.budgets, this.known.spent) !== null;
    return {
      breakers: Object.fromEntries(breakers.filter(([, state]) => state !== "Closed")),
      health: Object.fromEntries(health),
      budget: over ? (this.options.overrideBudget ? "overridden" : "spent") : "within",
    };
  }

  begin(command: Command): void {
    if (command.do !== "attempt" || command.routing.mode !== "Reflex") return;
    const id = breakerOf(command.routing);
    const breaker = this.known.breakers.get(id);
    if (breaker) this.known.breakers.set(id, probed(breaker));
  }

  observe(step: readonly TrialEvent[]): void {
    this.known.takeStep(step);
    for (const event of step) {
      if (event.type === "ModelCallEnvelope" && event.mode === "Reflex" && event.provider !== EMBEDDED_PROVIDER) this.heed(event);
    }
    const events = budgetEvents(this.options.policy.budgets, this.known.spent, this.known.said);
    for (const event of events) this.known.said.add(event.error_code);
    this.fresh.push(...events);
  }

  takeFresh(): readonly TrialEvent[] {
    const fresh = this.fresh;
    this.fresh = [];
    return fresh;
  }

  stopped(): string | null {
    return this.options.overrideBudget ? null : exhaustedBudget(this.options.policy.budgets, this.known.spent);
  }

  private heed(call: EventOf<"ModelCallEnvelope">): void {
    const id = breakerOf(call);
    const outcome = { answered: serverAnswered(call), nowMs: this.options.clock.now() };
    this.turn(id, afterCall(this.options.policy.breaker, this.known.breakers.get(id) ?? CLOSED, outcome));
  }

  private turn(id: string, { breaker, change }: BreakerStep): void {
    this.known.breakers.set(id, breaker);
    if (change) this.fresh.push({ ...change, breaker_id: id });
  }
}
