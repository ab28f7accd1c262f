// What a model call of a trial cost: worked out by the run that makes it, and again by whoever checks the record.
import { costUsd } from "../policy/price.ts";
import type { WrittenPolicy } from "../policy/schema.ts";
import { EMBEDDED_PROVIDER } from "./command.ts";
import type { EventOf } from "./event.ts";

type PricedFacts = Pick<EventOf<"ModelCallEnvelope">, "provider" | "resolved_model" | "failure" | "prompt_tokens" | "response_tokens" | "cached_tokens">;

/** US dollars; null where the price or the token counts are not known. Embedded models cost nothing. */
export function callCostUsd(prices: WrittenPolicy["prices"]["models"], call: PricedFacts): number | null {
  if (call.provider === EMBEDDED_PROVIDER) return 0;
  const { resolved_model: model, failure, prompt_tokens: promptTokens, response_tokens: responseTokens, cached_tokens: cachedTokens } = call;
  return costUsd(prices, { model, failure, promptTokens, responseTokens, cachedTokens });
}
