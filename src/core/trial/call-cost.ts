// What a model call of a trial cost by the policy's dated prices: worked out by the run that makes it, and again by whoever checks the record.
import type { WrittenPolicy } from "../policy/schema.ts";
import { EMBEDDED_PROVIDER } from "./command.ts";
import type { EventOf } from "./event.ts";

type PricedFacts = Pick<EventOf<"ModelCallEnvelope">, "provider" | "resolved_model" | "failure" | "prompt_tokens" | "response_tokens" | "cached_tokens">;

/** The request was never sent: it cost nothing, whatever the model's price. */
const UNSENT: ReadonlySet<string> = new Set(["refused-connection", "timeout-connect"]);

/** US dollars; null, never zero, where the price or the token counts are not known. Embedded models cost nothing. */
export function callCostUsd(prices: WrittenPolicy["prices"]["models"], call: PricedFacts): number | null {
  const { provider, resolved_model: model, failure, prompt_tokens: promptTokens, response_tokens: responseTokens, cached_tokens: cachedTokens } = call;
  if (provider === EMBEDDED_PROVIDER || (failure !== null && UNSENT.has(failure))) return 0;
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  if (!price || promptTokens === null || responseTokens === null) return null;
  // If the cached share is unknown, it counts as zero: the estimate is never too low.
  const cached = Math.min(cachedTokens ?? 0, promptTokens);
  const perMillion = (promptTokens - cached) * price.input + cached * (price.cached ?? price.input) + responseTokens * price.output;
  return perMillion / 1e6;
}
