// Steps that were finished while no coordinator listened: taken once, where they still fit, so that no finished model call is paid twice.
import { canonicalJson } from "../../core/base/canonical.ts";
import { next } from "../../core/router/next.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { isModelCall, type TrialPlan } from "../../core/trial/command.ts";
import { recordedConditions } from "../../core/trial/conditions.ts";
import { decisionEvents } from "../../core/trial/decision-event.ts";
import type { TrialEvent } from "../../core/trial/event.ts";
import type { QueuedTrial } from "../../ports/trial-queue.ts";
import type { TakenStep } from "./seat.ts";
import { markedBy, stepFault } from "./step-check.ts";

export interface LeftOverStep {
  readonly trial: string;
  readonly token: string;
  readonly index: number;
  readonly worker: string;
  readonly taken: TakenStep;
}

/** What the lease of a trial's call is kept under, beside that of the trial. */
export const callLease = (trial: string): string => `call:${trial}`;

export class LeftOvers {
  private readonly snapshot: PolicySnapshot;
  /** Null for a calibration trial. */
  private readonly planOf: (trial: string) => TrialPlan | null;
  private leases: ReadonlyMap<string, string> = new Map();
  private readonly steps = new Map<string, LeftOverStep>();

  constructor(snapshot: PolicySnapshot, planOf: (trial: string) => TrialPlan | null) {
    this.snapshot = snapshot;
    this.planOf = planOf;
  }

  /** The leases that were in force when the earlier coordinator ended. */
  expect(leases: ReadonlyMap<string, string>): void {
    this.leases = leases;
  }

  /** Was it under way? */
  isExpected(trial: string): boolean {
    return this.leases.has(trial);
  }

  /** Is the token that of the lease that was in force? */
  isOf(trial: string, token: string): boolean {
    return this.leases.get(trial) === token;
  }

  /** Is it that of the lease by which somebody made the trial's call? */
  isOfCall(trial: string, token: string): boolean {
    return this.leases.get(callLease(trial)) === token;
  }

  /** False where the step is by no lease that was in force. */
  offer(step: LeftOverStep): boolean {
    if (!this.isOf(step.trial, step.token)) return false;
    this.steps.set(step.trial, step);
    return true;
  }

  /** The step that goes on from this history, decided as the router decides under the conditions that it names. */
  take(waiting: Pick<QueuedTrial, "id" | "text">, history: readonly TrialEvent[]): TakenStep | null {
    const { id: trial } = waiting;
    const left = this.steps.get(trial);
    this.steps.delete(trial);
    if (left === undefined || left.index !== history.length) return null;
    const { worker, taken } = left;
    const plan = this.planOf(trial);
    const command = plan === null ? null : this.decided(plan, history, taken.step.events);
    if (plan !== null && command === null) return null;
    const fault = stepFault({ trial, command, text: (hash) => waiting.text(hash), given: null }, taken.step);
    return fault === null ? { ...taken, step: { events: markedBy(worker, taken.step.events), bodies: taken.step.bodies } } : null;
  }

  private decided(plan: TrialPlan, history: readonly TrialEvent[], events: readonly TrialEvent[]) {
    const [decision] = events;
    if (decision?.type !== "RoutingDecision") return null;
    const command = next(this.snapshot, plan, history, recordedConditions(decision));
    if (!isModelCall(command)) return null;
    return canonicalJson(decisionEvents(command)[0]) === canonicalJson(decision) ? command : null;
  }
}
