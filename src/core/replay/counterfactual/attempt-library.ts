// What a run's record holds of each model on each task: the only source of how things would have ended otherwise.
import { canonicalJson, sha256 } from "../../base/canonical.ts";
import type { TrialRecord } from "../../capsule/record.ts";
import type { EventOf, TrialEvent } from "../../trial/event.ts";
import type { Routing } from "../../trial/routing.ts";
import { eventIn, type Step, stepsOf } from "../step.ts";

/** One recorded step of a model. */
export interface RecordedStep {
  readonly trial: string;
  readonly events: readonly TrialEvent[];
  readonly call: EventOf<"ModelCallEnvelope">;
  /** What an attempt came to; null for a plan, a critique, a judgement. */
  readonly result: EventOf<"ToolResult"> | null;
  /** Milliseconds of the call and of verification; null where the tree was verified elsewhere and that is not in the record. */
  readonly latencyMs: number | null;
  /** The how-manieth attempt of this model in its trial, from 0. */
  readonly ordinal: number;
  /** What its prompt was built from, besides the task. */
  readonly context: string;
}

type Served = Pick<Routing, "provider" | "model" | "stand_in">;

export const servedKey = ({ provider, model, stand_in }: Served): string => canonicalJson([provider, model, stand_in]);

/** What the next attempt's prompt is built from: the plan, and what was answered and found before. */
export function contextOf(plan: RecordedStep | null, before: readonly RecordedStep[]): string {
  return sha256(canonicalJson([plan?.call.response_hash ?? null, ...before.map(({ call, result }) => [call.response_hash, result?.output_hash ?? null])]));
}

/** What a critic or a judge looks at. */
export const reviewedPatch = (attempt: RecordedStep | null): string => {
  const patches = attempt?.events.filter((event) => event.type === "PatchApply").map(({ file_path, after_hash }) => [file_path, after_hash]) ?? [];
  return sha256(canonicalJson([attempt?.result?.verdict ?? null, patches]));
};

export class AttemptLibrary {
  private readonly steps = new Map<string, RecordedStep[]>();
  private readonly byTrial = new Map<string, RecordedStep[]>();
  private readonly durations = new Map<string, number>();

  constructor(trials: readonly TrialRecord[]) {
    for (const trial of trials) for (const step of stepsOf(trial.events)) this.learnDuration(trial, step);
    for (const trial of trials) this.learn(trial);
  }

  /** A role's recorded step by that model in that context: in the trial itself first, then in the others of task and epoch. */
  inContext(trial: TrialRecord, role: string, served: string, context: string): RecordedStep | null {
    return this.find(trial, `${role} ${served} ${context}`);
  }

  /** The model's own attempt of that number on the task, whatever came before it. */
  byOrdinal(trial: TrialRecord, served: string, ordinal: number): RecordedStep | null {
    return this.find(trial, `#${ordinal} ${served}`);
  }

  /** All steps of a trial in which a model was called. */
  stepsOf({ id }: TrialRecord): readonly RecordedStep[] {
    return this.byTrial.get(id) ?? [];
  }

  private find(trial: TrialRecord, key: string): RecordedStep | null {
    const found = this.steps.get(`${trial.task.id}/${trial.epoch} ${key}`) ?? [];
    return found.find((step) => step.trial === trial.id) ?? found[0] ?? null;
  }

  private learnDuration({ task, epoch }: TrialRecord, step: Step): void {
    const [call, result] = [eventIn(step, "ToolCall"), eventIn(step, "ToolResult")];
    if (call && result && !result.reused) this.durations.set(`${task.id}/${epoch} ${call.tree_hash}`, result.duration_ms);
  }

  private learn(trial: TrialRecord): void {
    const before: RecordedStep[] = [];
    const own: RecordedStep[] = [];
    this.byTrial.set(trial.id, own);
    const ordinals = new Map<string, number>();
    let plan: RecordedStep | null = null;
    for (const step of stepsOf(trial.events)) {
      const call = step.events.findLast((event) => event.type === "ModelCallEnvelope");
      if (!call) continue;
      const served = servedKey(call);
      const isAttempt = call.role === "Implementer";
      const ordinal = ordinals.get(served) ?? 0;
      const context: string = isAttempt ? contextOf(plan, before) : call.role === "Architect" ? "" : reviewedPatch(before.at(-1) ?? null);
      const recorded: RecordedStep = {
        trial: trial.id,
        events: step.events,
        call,
        result: eventIn(step, "ToolResult"),
        latencyMs: this.latencyOf(trial, step),
        ordinal,
        context,
      };
      own.push(recorded);
      this.keep(trial, `${call.role} ${served} ${context}`, recorded);
      if (call.role === "Architect") plan = recorded;
      if (!isAttempt) continue;
      this.keep(trial, `#${ordinal} ${served}`, recorded);
      ordinals.set(served, ordinal + 1);
      before.push(recorded);
    }
  }

  private latencyOf({ task, epoch }: TrialRecord, step: Step): number | null {
    const asked = step.events.filter((event) => event.type === "ModelCallEnvelope");
    // An answer that was used again took a time that nobody knows.
    if (asked.some(({ answer_reused: reused }) => reused)) return null;
    const calls = asked.reduce((sum, call) => sum + call.latency_ms, 0);
    const [tool, result] = [eventIn(step, "ToolCall"), eventIn(step, "ToolResult")];
    if (!tool || !result) return calls;
    const ran = this.durations.get(`${task.id}/${epoch} ${tool.tree_hash}`);
    return ran === undefined ? null : calls + ran;
  }

  private keep({ task, epoch }: TrialRecord, key: string, step: RecordedStep): void {
    const place = `${task.id}/${epoch} ${key}`;
    const known = this.steps.get(place);
    if (known) known.push(step);
    else this.steps.set(place, [step]);
  }
}
