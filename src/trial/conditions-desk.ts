// What a run knows beyond its single trials: breakers, measured health and the budget; told to the router, and recorded.
import type { EventLine } from "../core/capsule/line.ts";
import type { WrittenPolicy } from "../core/policy/schema.ts";
import { afterCall, atTime, type Breaker, breakerAfter, CLOSED, probed, serverAnswered, visibleState, type BreakerStep } from "../core/router/breaker.ts";
import { budgetEvents, NOTHING_SPENT, runNote, spend, type Spent, exhaustedBudget } from "../core/router/budget.ts";
import type { Command, TrialPlan } from "../core/trial/command.ts";
import type { Conditions, Health } from "../core/trial/conditions.ts";
import { type EventOf, type EventReaders, readEvent, type TrialEvent } from "../core/trial/event.ts";
import { breakerOf } from "../core/router/reflex.ts";
import { addStep, healthOf, type HealthSamples, measuredModel, NO_SAMPLES } from "./health.ts";
import { EMBEDDED_PROVIDER } from "../core/trial/command.ts";
import type { Clock } from "../ports/clock.ts";

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
  /** What the journal holds already, for a run that goes on. */
  readonly kept: readonly EventLine[];
  /** Whoever started the run lets it spend more than its budget. */
  readonly overrideBudget: boolean;
}

export const openConditionsDesk = (options: DeskOptions): ConditionsDesk => new Desk(options);

class Desk implements ConditionsDesk {
  private readonly options: DeskOptions;
  private readonly breakers = new Map<string, Breaker>();
  private readonly samples = new Map<string, HealthSamples>();
  /** Worked out when it is asked for, and kept until there is more to go by. */
  private readonly health = new Map<string, Health>();
  private readonly said = new Set<string>();
  private spent: Spent = NOTHING_SPENT;
  private fresh: TrialEvent[] = [];

  constructor(options: DeskOptions) {
    this.options = options;
    for (const { trial, payload } of options.kept) {
      const readers: EventReaders<void> = {
        BreakerStateChanged: (change) => void this.breakers.set(change.breaker_id, breakerAfter(change)),
        ErrorEvent: ({ error_code: code }) => void (trial === null && this.said.add(code)),
      };
      readEvent(readers, payload);
      this.count(payload);
    }
    for (const step of attemptsOf(options.kept)) this.measure(step);
    if (options.overrideBudget) this.fresh.push(runNote("budget-override", "the run may spend more than its budget: --override-budget was given"));
  }

  look({ slot }: TrialPlan): Conditions {
    const now = this.options.clock.now();
    for (const [id, breaker] of this.breakers) this.turn(id, atTime(this.options.policy.breaker, breaker, now));
    const breakers = [...this.breakers].map(([id, breaker]) => [id, visibleState(this.options.policy.breaker, breaker)] as const);
    // A candidate under evaluation is not held against thresholds.
    const health = slot === null ? [...this.samples].map(([name, samples]) => [name, this.healthNow(name, samples)] as const) : [];
    const over = exhaustedBudget(this.options.policy.budgets, this.spent) !== null;
    return {
      breakers: Object.fromEntries(breakers.filter(([, state]) => state !== "Closed")),
      health: Object.fromEntries(health),
      budget: over ? (this.options.overrideBudget ? "overridden" : "spent") : "within",
    };
  }

  begin(command: Command): void {
    if (command.do !== "attempt" || command.routing.mode !== "Reflex") return;
    const id = breakerOf(command.routing);
    const breaker = this.breakers.get(id);
    if (breaker) this.breakers.set(id, probed(breaker));
  }

  observe(step: readonly TrialEvent[]): void {
    for (const event of step) {
      this.count(event);
      if (event.type === "ModelCallEnvelope" && event.mode === "Reflex" && event.provider !== EMBEDDED_PROVIDER) this.heed(event);
    }
    this.measure(step);
    const events = budgetEvents(this.options.policy.budgets, this.spent, this.said);
    for (const event of events) this.said.add(event.error_code);
    this.fresh.push(...events);
  }

  takeFresh(): readonly TrialEvent[] {
    const fresh = this.fresh;
    this.fresh = [];
    return fresh;
  }

  stopped(): string | null {
    return this.options.overrideBudget ? null : exhaustedBudget(this.options.policy.budgets, this.spent);
  }

  /** The embedded models cost nothing and use no tokens. */
  private count(event: TrialEvent): void {
    if (event.type === "ModelCallEnvelope" && event.provider !== EMBEDDED_PROVIDER) this.spent = spend(this.spent, event);
  }

  private heed(call: EventOf<"ModelCallEnvelope">): void {
    const id = breakerOf(call);
    const outcome = { answered: serverAnswered(call), nowMs: this.options.clock.now() };
    this.turn(id, afterCall(this.options.policy.breaker, this.breakers.get(id) ?? CLOSED, outcome));
  }

  private turn(id: string, { breaker, change }: BreakerStep): void {
    this.breakers.set(id, breaker);
    if (change) this.fresh.push({ ...change, breaker_id: id });
  }

  private measure(step: readonly TrialEvent[]): void {
    const model = measuredModel(step);
    if (model === null) return;
    this.samples.set(model, addStep(this.samples.get(model) ?? NO_SAMPLES, step));
    this.health.delete(model);
  }

  private healthNow(name: string, samples: HealthSamples): Health {
    const health = this.health.get(name) ?? healthOf(samples);
    this.health.set(name, health);
    return health;
  }
}

/** The recorded steps that made an attempt. */
function attemptsOf(kept: readonly EventLine[]): readonly (readonly TrialEvent[])[] {
  const steps = new Map<string, TrialEvent[]>();
  for (const { trial, step, payload } of kept) {
    if (trial === null) continue;
    const key = `${trial}\u0000${step}`;
    steps.set(key, [...(steps.get(key) ?? []), payload]);
  }
  return [...steps.values()];
}
