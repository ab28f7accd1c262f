// What an audit report sums up over all trials, gathered one trial at a time.
import type { EventLine } from "../../capsule/line.ts";
import type { CalibrationTrial, TrialRecord } from "../../capsule/record.ts";
import { openTreeTimes } from "../../metrics/summary/attempt-time.ts";
import { type TrialFacts, trialFacts } from "../../metrics/summary/trial.ts";
import { isOverride } from "./timeline.ts";
import { type RoutingCount, RoutingTally } from "../routing.ts";

export interface GateCount {
  readonly gate: string;
  readonly outcome: string;
  readonly count: number;
}

/** Is shown every trial once, in plan order, then the calibration trials. */
export class AuditFigures {
  readonly overrides: EventLine[] = [];
  trials = 0;
  planted = 0;
  events = 0;
  private readonly read: TrialFacts[] = [];
  private readonly times = openTreeTimes();
  private readonly routed = new RoutingTally();
  private readonly gated = new Map<string, GateCount>();

  trial(trial: TrialRecord): void {
    this.trials += 1;
    this.events += trial.events.length;
    const facts = trialFacts(trial);
    this.read.push(facts);
    this.times.add(facts);
    this.routed.add(trial.events);
    for (const line of trial.events) {
      if (line.payload.type === "GateDecision") this.gate(line.payload.gate_name, line.payload.outcome);
      if (isOverride(line.payload)) this.overrides.push(line);
    }
  }

  calibration({ events }: CalibrationTrial): void {
    this.planted += 1;
    this.events += events.length;
  }

  /** Of all trials so far, with the times of the trees that they share. */
  get facts(): readonly TrialFacts[] {
    return this.read.map(this.times.fill);
  }

  /** A trial's facts again, timed the same way. */
  factsOf(trial: TrialRecord): TrialFacts {
    return this.times.fill(trialFacts(trial));
  }

  get routing(): readonly RoutingCount[] {
    return this.routed.list();
  }

  /** Most frequent first, then in code-unit order. */
  get gates(): readonly GateCount[] {
    return [...this.gated].toSorted(([a, { count: ofA }], [b, { count: ofB }]) => ofB - ofA || (a < b ? -1 : 1)).map(([, count]) => count);
  }

  private gate(gate: string, outcome: string): void {
    const key = `${gate} ${outcome}`;
    this.gated.set(key, { gate, outcome, count: (this.gated.get(key)?.count ?? 0) + 1 });
  }
}
