// A model call in the words of OpenTelemetry's semantic conventions for generative AI, for spans and for metrics alike.
import type { ModelCall } from "../../../trial/events/model-call.ts";
import type { Attributes } from "./value.ts";

/** What the conventions ask of every telemetry of a call. A stand-in is a provider of its own: it is no model. */
export function commonAttributes(call: ModelCall): Attributes {
  const { stand_in: standIn, provider, resolved_model: model } = call;
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": standIn === null ? provider : "bakeoff.stand_in",
    "gen_ai.request.model": standIn ?? model,
    "gen_ai.response.model": standIn === null ? call.served_model : null,
    "error.type": call.failure,
  };
}

/** The conventions', and under `bakeoff.` what they have no name for. */
export const callAttributes = (call: ModelCall): Attributes => ({
  ...commonAttributes(call),
  "gen_ai.usage.input_tokens": call.prompt_tokens,
  "gen_ai.usage.output_tokens": call.response_tokens,
  "gen_ai.usage.cache_read.input_tokens": call.cached_tokens,
  "gen_ai.response.finish_reasons": call.success ? ["stop"] : call.failure === "truncated" ? ["length"] : null,
  "gen_ai.output.type": call.constraint === "schema" ? "json" : "text",
  "bakeoff.role": call.role,
  "bakeoff.mode": call.mode,
  "bakeoff.attempt": call.attempt,
  "bakeoff.try": call.try,
  "bakeoff.selection_reason": call.selection_reason,
  "bakeoff.outside_policy": call.outside_policy,
  "bakeoff.stand_in_for": call.stand_in === null ? null : call.model,
  "bakeoff.ttft_ms": call.ttft_ms,
  "bakeoff.queue_ms": call.queue_ms,
  "bakeoff.cost_usd": call.cost_usd,
  "bakeoff.json_compliant": call.json_compliant,
  ...(call.answer_reused ? { "bakeoff.answer_reused": true } : {}),
});
