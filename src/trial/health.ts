// What a run measured of a reflex model, attempt by attempt.
import { interpolate } from "../core/metrics/statistics/quantile.ts";
import { inForm, isTimed } from "../core/metrics/summary/trial.ts";
import type { Health } from "../core/trial/conditions.ts";
import type { EventOf, TrialEvent } from "../core/trial/event.ts";
import { EMBEDDED_PROVIDER } from "../core/trial/command.ts";

type Call = EventOf<"ModelCallEnvelope">;

/** The model whose attempt a step was: of its reflex mode, over a server, with a verdict. */
export function measuredModel(step: readonly TrialEvent[]): string | null {
  const call = callOf(step);
  if (call?.mode !== "Reflex" || call.provider === EMBEDDED_PROVIDER) return null;
  return step.some(({ type }) => type === "ToolResult") ? call.model : null;
}

/** A call may have been tried more than once: the attempt is the last try. */
const callOf = (step: readonly TrialEvent[]) => step.findLast((event): event is Call => event.type === "ModelCallEnvelope");

/** What was measured of one model so far. Taking in a step costs the same however many there were. */
export class HealthSamples {
  private attempts = 0;
  /** Attempts after which all visible tests pass. */
  private succeeded = 0;
  /** Milliseconds of the calls that were answered, or that ran into a limit: then of at least so much. In order of size. */
  private readonly latencies: number[] = [];
  private checked = 0;
  private compliant = 0;

  add(step: readonly TrialEvent[]): void {
    const call = callOf(step);
    const result = step.find((event) => event.type === "ToolResult");
    if (!call || !result) return;
    // An answer that was asked for once more was out of form, whatever came then.
    const compliances = step.flatMap((event) => (event.type === "ModelCallEnvelope" ? (inForm(event) ?? []) : []));
    this.attempts += 1;
    if (result.verdict.visible_passed) this.succeeded += 1;
    if (isTimed(call)) insert(this.latencies, call.latency_ms);
    if (compliances.length > 0) this.checked += 1;
    if (compliances.length > 0 && compliances.every(Boolean)) this.compliant += 1;
  }

  get health(): Health {
    const { attempts, succeeded, latencies, checked, compliant } = this;
    return {
      samples: attempts,
      p95_latency_ms: latencies.length === 0 ? null : interpolate(latencies, 0.95),
      success_percent: share(succeeded, attempts),
      json_compliance_percent: share(compliant, checked),
    };
  }
}

const share = (part: number, of: number): number | null => (of === 0 ? null : (part / of) * 100);

/** Puts a value where it belongs among sorted ones. */
function insert(sorted: number[], value: number): void {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
}
