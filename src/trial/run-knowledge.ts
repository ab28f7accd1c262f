// What a run has found out beyond its single trials: what it spent, how its models did, which servers are out of service.
import { type Breaker, breakerAfter } from "../core/router/breaker.ts";
import { NOTHING_SPENT, spend, type Spent } from "../core/router/budget.ts";
import { EMBEDDED_PROVIDER } from "../core/trial/command.ts";
import { type EventReaders, readEvent, type TrialEvent } from "../core/trial/event.ts";
import { HealthSamples, measuredModel } from "./health.ts";

export class RunKnowledge {
  readonly breakers = new Map<string, Breaker>();
  /** By model. */
  readonly samples = new Map<string, HealthSamples>();
  /** Codes of what was noted of the whole run. */
  readonly said = new Set<string>();
  spent: Spent = NOTHING_SPENT;

  /** One step of a trial. */
  takeStep(step: readonly TrialEvent[]): void {
    for (const event of step) this.count(event);
    const model = measuredModel(step);
    if (model === null) return;
    const samples = this.samples.get(model) ?? new HealthSamples();
    this.samples.set(model, samples);
    samples.add(step);
  }

  /** An event of the whole run, as it was recorded. */
  takeRecorded(event: TrialEvent): void {
    const readers: EventReaders<void> = {
      BreakerStateChanged: (change) => void this.breakers.set(change.breaker_id, breakerAfter(change)),
      ErrorEvent: ({ error_code: code }) => void this.said.add(code),
    };
    readEvent(readers, event);
    this.count(event);
  }

  /** The embedded models cost nothing and use no tokens. */
  private count(event: TrialEvent): void {
    if (event.type === "ModelCallEnvelope" && event.provider !== EMBEDDED_PROVIDER) this.spent = spend(this.spent, event);
  }
}
