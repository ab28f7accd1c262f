// What a run measured of a reflex model, attempt by attempt.
import { quantileEstimate } from "../core/metrics/statistics/quantile.ts";
import { inForm, isTimed } from "../core/metrics/summary/trial.ts";
import type { Health } from "../core/trial/conditions.ts";
import type { EventOf, TrialEvent } from "../core/trial/event.ts";
import { EMBEDDED_PROVIDER } from "../core/trial/command.ts";

type Call = EventOf<"ModelCallEnvelope">;

export interface HealthSamples {
  readonly attempts: number;
  /** Attempts after which all visible tests pass. */
  readonly succeeded: number;
  /** Milliseconds of the calls that were answered, or that ran into a limit: then of at least so much. */
  readonly latencies: readonly number[];
  readonly checked: number;
  readonly compliant: number;
}

export const NO_SAMPLES: HealthSamples = { attempts: 0, succeeded: 0, latencies: [], checked: 0, compliant: 0 };

/** The model whose attempt a step was: of its reflex mode, over a server, with a verdict. */
export function measuredModel(step: readonly TrialEvent[]): string | null {
  const call = callOf(step);
  if (call?.mode !== "Reflex" || call.provider === EMBEDDED_PROVIDER) return null;
  return step.some(({ type }) => type === "ToolResult") ? call.model : null;
}

/** A call may have been tried more than once: the attempt is the last try. */
const callOf = (step: readonly TrialEvent[]) => step.findLast((event): event is Call => event.type === "ModelCallEnvelope");

export function addStep(samples: HealthSamples, step: readonly TrialEvent[]): HealthSamples {
  const call = callOf(step);
  const result = step.find((event) => event.type === "ToolResult");
  if (!call || !result) return samples;
  // An answer that was asked for once more was out of form, whatever came then.
  const compliances = step.flatMap((event) => (event.type === "ModelCallEnvelope" ? (inForm(event) ?? []) : []));
  return {
    attempts: samples.attempts + 1,
    succeeded: samples.succeeded + (result.verdict.visible_passed ? 1 : 0),
    latencies: isTimed(call) ? [...samples.latencies, call.latency_ms] : samples.latencies,
    checked: samples.checked + (compliances.length > 0 ? 1 : 0),
    compliant: samples.compliant + (compliances.length > 0 && compliances.every(Boolean) ? 1 : 0),
  };
}

const share = (part: number, of: number): number | null => (of === 0 ? null : (part / of) * 100);

export function healthOf({ attempts, succeeded, latencies, checked, compliant }: HealthSamples): Health {
  return {
    samples: attempts,
    p95_latency_ms: latencies.length === 0 ? null : quantileEstimate(latencies, 0.95).value,
    success_percent: share(succeeded, attempts),
    json_compliance_percent: share(compliant, checked),
  };
}
