// Where the time of an attempt went, part by part, as a bar shows it.
import type { AttemptState } from "../../trial/events/tool-result.ts";
import type { ModelCall } from "../../trial/events/model-call.ts";

export interface TimingPart {
  readonly name: string;
  readonly ms: number;
  /** Who spent it: the model's server, the harness, or nobody (waiting). */
  readonly of: "model" | "harness" | "waiting";
}

/** In the order of time; parts that took no time are left out. */
export function timingParts({ call, earlier, result }: Pick<AttemptState, "call" | "earlier" | "result">): readonly TimingPart[] {
  const verified: readonly TimingPart[] = result.reused
    ? []
    : [
        part("waiting for cargo", result.queue_ms, "waiting"),
        part("applying", result.apply_ms, "harness"),
        part("compiling", result.check_ms, "harness"),
        part("testing", result.test_ms, "harness"),
        part("sandbox", result.overhead_ms, "harness"),
        part("confirming", result.confirm_ms ?? 0, "harness"),
      ];
  return [...earlier.flatMap((tried) => callParts(tried, `try ${tried.try}: `)), ...callParts(call, ""), ...verified].filter(({ ms }) => ms > 0);
}

export const totalMs = (parts: readonly TimingPart[]): number => parts.reduce((sum, { ms }) => sum + ms, 0);

function callParts(call: ModelCall, prefix: string): readonly TimingPart[] {
  const first = call.ttft_ms === null ? null : Math.min(call.ttft_ms, call.latency_ms);
  return [
    part(`${prefix}routing`, call.route_ms, "harness"),
    part(`${prefix}backing off`, call.backoff_ms, "waiting"),
    part(`${prefix}waiting for a call slot`, call.queue_ms, "waiting"),
    ...(first === null
      ? [part(`${prefix}model`, call.latency_ms, "model")]
      : [part(`${prefix}first token`, first, "model"), part(`${prefix}rest of the answer`, call.latency_ms - first, "model")]),
    part(`${prefix}reading the answer`, call.parse_ms, "harness"),
  ];
}

const part = (name: string, ms: number, of: TimingPart["of"]): TimingPart => ({ name, ms, of });
