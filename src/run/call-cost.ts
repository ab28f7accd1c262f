// What a model call cost, by the policy's dated prices. What is not known is null, never zero.
import type { WrittenPolicy } from "../core/policy/schema.ts";
import type { ModelFailure, ModelReply } from "./ports.ts";

/** The request never left: whatever a model costs, this call cost nothing. */
const UNSENT: ReadonlySet<ModelFailure> = new Set<ModelFailure>(["refused-connection", "timeout-connect"]);

/** US dollars; null where the price or the token counts are not known. */
export function costUsd(prices: WrittenPolicy["prices"]["models"], reply: ModelReply): number | null {
  if (reply.outcome === "failed" && UNSENT.has(reply.failure)) return 0;
  const price = Object.hasOwn(prices, reply.resolvedModel) ? prices[reply.resolvedModel] : undefined;
  const { promptTokens, responseTokens, cachedTokens } = reply.usage;
  if (!price || promptTokens === null || responseTokens === null) return null;
  // Where it is not known how much came from the cache, nothing did: the estimate is never too low.
  const cached = Math.min(cachedTokens ?? 0, promptTokens);
  const perMillion = (promptTokens - cached) * price.input + cached * (price.cached ?? price.input) + responseTokens * price.output;
  return perMillion / 1e6;
}
