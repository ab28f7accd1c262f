// The cost of a model call by the policy's dated prices. An unknown cost is null, never zero.
import type { WrittenPolicy } from "./schema.ts";

/** What the price of a call depends on. */
export interface PricedCall {
  /** The provider's own id of the model. */
  readonly model: string;
  readonly failure: string | null;
  readonly promptTokens: number | null;
  readonly responseTokens: number | null;
  readonly cachedTokens: number | null;
}

/** The request was never sent: it cost nothing, whatever the model's price. */
const UNSENT: ReadonlySet<string> = new Set(["refused-connection", "timeout-connect"]);

/** US dollars; null if the price or the token counts are unknown. */
export function costUsd(prices: WrittenPolicy["prices"]["models"], call: PricedCall): number | null {
  const { model, failure, promptTokens, responseTokens, cachedTokens } = call;
  if (failure !== null && UNSENT.has(failure)) return 0;
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  if (!price || promptTokens === null || responseTokens === null) return null;
  // If the cached share is unknown, it counts as zero: the estimate is never too low.
  const cached = Math.min(cachedTokens ?? 0, promptTokens);
  const perMillion = (promptTokens - cached) * price.input + cached * (price.cached ?? price.input) + responseTokens * price.output;
  return perMillion / 1e6;
}
