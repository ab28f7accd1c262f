// What a model call of a trial cost by the policy's prices: worked out by the run that makes it, and again by whoever checks the record.
import type { WrittenPolicy } from "../policy/schema.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import { EMBEDDED_PROVIDER } from "./command.ts";
import type { EventOf } from "./event.ts";

type CallEvent = EventOf<"ModelCallEnvelope">;
type PricedFacts = Pick<
  CallEvent,
  "provider" | "model" | "resolved_model" | "failure" | "prompt_tokens" | "response_tokens" | "cached_tokens" | "latency_ms" | "answer_reused"
>;

/** What a policy says of money. */
export interface Pricing {
  /** By the provider's own id of the model. */
  readonly tokens: WrittenPolicy["prices"]["models"];
  /** US dollars for an hour of its machine, by the candidate's name. */
  readonly perHourUsd: Readonly<Record<string, number>>;
  /** Providers, as calls name them, that are nobody's cloud: what they cost is what their machines cost. */
  readonly local: ReadonlySet<string>;
}

export function pricingOf({ policy, candidates }: Pick<PolicySnapshot, "policy" | "candidates">): Pricing {
  const isLocal = (provider: string): boolean => policy.providers[provider]?.cloud === false;
  const own = candidates.filter(({ provider }) => isLocal(provider)).map(({ name, provider }) => `${provider}/${name}`);
  return {
    tokens: policy.prices.models,
    perHourUsd: Object.fromEntries(candidates.flatMap(({ name, price_per_hour: usd }) => (usd === undefined ? [] : [[name, usd]]))),
    local: new Set([...Object.keys(policy.providers).filter(isLocal), ...own]),
  };
}

export type CallCost = Pick<CallEvent, "cost_usd" | "unpriced">;

/** The request was never sent: it cost nothing, whatever the model's price. */
const UNSENT: ReadonlySet<string> = new Set(["refused-connection", "timeout-connect"]);
const MS_PER_HOUR = 3_600_000;

/** US dollars; null, never zero, where the price or the token counts are not known. Embedded models cost nothing. */
export function callCost(pricing: Pricing, call: PricedFacts): CallCost {
  const { provider, model, failure, latency_ms: ms } = call;
  if (provider === EMBEDDED_PROVIDER || call.answer_reused || (failure !== null && UNSENT.has(failure))) return { cost_usd: 0 };
  const hourly = Object.hasOwn(pricing.perHourUsd, model) ? pricing.perHourUsd[model] : undefined;
  // Calls at the same time each count whole: the estimate is never too low.
  if (hourly !== undefined) return { cost_usd: (ms / MS_PER_HOUR) * hourly };
  const { price, usd } = byTokens(pricing.tokens, call);
  return { cost_usd: usd, ...(price === undefined && pricing.local.has(provider) ? { unpriced: "local" } : {}) };
}

function byTokens(prices: Pricing["tokens"], call: PricedFacts): { readonly price: Pricing["tokens"][string] | undefined; readonly usd: number | null } {
  const { resolved_model: model, prompt_tokens: promptTokens, response_tokens: responseTokens, cached_tokens: cachedTokens } = call;
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  if (!price || promptTokens === null || responseTokens === null) return { price, usd: null };
  // If the cached share is unknown, it counts as zero: the estimate is never too low.
  const cached = Math.min(cachedTokens ?? 0, promptTokens);
  const perMillion = (promptTokens - cached) * price.input + cached * (price.cached ?? price.input) + responseTokens * price.output;
  return { price, usd: perMillion / 1e6 };
}
