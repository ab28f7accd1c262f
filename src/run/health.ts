// What a run measured of a reflex model, attempt by attempt.
import { quantileEstimate } from "../core/metrics/quantile.ts";
import type { Health } from "../core/router/conditions.ts";
import type { EventOf } from "../core/router/event.ts";

export interface HealthSamples {
  readonly attempts: number;
  /** Attempts after which all visible tests pass. */
  readonly succeeded: number;
  /** Milliseconds of the calls that were answered. */
  readonly latencies: readonly number[];
  readonly checked: number;
  readonly compliant: number;
}

export const NO_SAMPLES: HealthSamples = { attempts: 0, succeeded: 0, latencies: [], checked: 0, compliant: 0 };

export function addAttempt(samples: HealthSamples, call: EventOf<"ModelCallEnvelope">, result: EventOf<"ToolResult">): HealthSamples {
  return {
    attempts: samples.attempts + 1,
    succeeded: samples.succeeded + (result.verdict.visible_passed ? 1 : 0),
    latencies: call.success ? [...samples.latencies, call.latency_ms] : samples.latencies,
    checked: samples.checked + (call.json_compliant === null ? 0 : 1),
    compliant: samples.compliant + (call.json_compliant === true ? 1 : 0),
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
