// What a model call cost, by the policy's dated prices. What is not known is null, never zero.
import type { WrittenPolicy } from "./schema.ts";

/** A call as far as its price goes. */
export interface PricedCall {
  /** The provider's own id of the model. */
  readonly model: string;
  readonly failure: string | null;
  readonly promptTokens: number | null;
  readonly responseTokens: number | null;
  readonly cachedTokens: number | null;
}

/** The request never left: whatever a model costs, this call cost nothing. */
const UNSENT: ReadonlySet<string> = new Set(["refused-connection", "timeout-connect"]);

/** US dollars; null where the price or the token counts are not known. */
export function costUsd(prices: WrittenPolicy["prices"]["models"], call: PricedCall): number | null {
  const { model, failure, promptTokens, responseTokens, cachedTokens } = call;
  if (failure !== null && UNSENT.has(failure)) return 0;
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  if (!price || promptTokens === null || responseTokens === null) return null;
  // Where it is not known how much came from the cache, nothing did: the estimate is never too low.
  const cached = Math.min(cachedTokens ?? 0, promptTokens);
  const perMillion = (promptTokens - cached) * price.input + cached * (price.cached ?? price.input) + responseTokens * price.output;
  return perMillion / 1e6;
}
