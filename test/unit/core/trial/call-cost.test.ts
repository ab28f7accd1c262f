// What a call cost: by the dated prices, nothing where nothing was sent, and null where it can't be known.
import { expect, it } from "vitest";
import { NOTHING_SPENT, spend } from "../../../../src/core/router/budget.ts";
import { callCost, type Pricing, pricingOf } from "../../../../src/core/trial/call-cost.ts";
import { policyWith } from "../../run/fakes.ts";

const PRICES = { "gpt-5.2": { input: 2, cached: 0.5, output: 10 }, plain: { input: 2, output: 10 } };
const PRICING: Pricing = { tokens: PRICES, perHourUsd: { rented: 1.8 }, local: new Set(["sglang"]) };
const CALL = {
  provider: "openai",
  model: "high",
  latency_ms: 2000,
  resolved_model: "gpt-5.2",
  failure: null,
  prompt_tokens: 1_000_000,
  response_tokens: 100_000,
  cached_tokens: null,
};

it.each([
  ["by its tokens", {}, 3],
  ["less for what was cached", { cached_tokens: 400_000 }, 2.4],
  ["no less where more is said to be cached than was sent", { cached_tokens: 5_000_000 }, 1.5],
  ["as much for what was cached where the price list says nothing of that", { resolved_model: "plain", cached_tokens: 400_000 }, 3],
  ["also where it failed after it was sent", { failure: "timeout-total" as const }, 3],
  ["nothing where it was never sent", { failure: "refused-connection" as const, prompt_tokens: null }, 0],
  ["nothing by an embedded model", { provider: "embedded", resolved_model: "oracle" }, 0],
  ["the time that it took, where its machine has a price", { provider: "sglang", model: "rented", resolved_model: "own", response_tokens: null }, 0.001],
  ["unknown without a price", { resolved_model: "constructor" }, null],
  ["unknown without its tokens", { response_tokens: null }, null],
])("a call costs %s", (_, changes, usd) => {
  const { cost_usd: cost, unpriced } = callCost(PRICING, { ...CALL, ...changes });
  if (usd === null) expect(cost).toBeNull();
  else expect(cost).toBeCloseTo(usd, 9);
  expect(unpriced).toBeUndefined();
});

it("is unpriced, and no budget's matter, where its server is nobody's cloud and has no price", () => {
  const local = { ...CALL, provider: "sglang", resolved_model: "own" };
  expect(callCost(PRICING, local)).toEqual({ cost_usd: null, unpriced: "local" });
  expect(callCost(PRICING, { ...local, resolved_model: "plain", response_tokens: null })).toEqual({ cost_usd: null });
  const spent = spend(NOTHING_SPENT, { ...local, error: null, ...callCost(PRICING, local) });
  expect(spent).toMatchObject({ tokens: 1_100_000, callsOfUnknownCost: 0, unpriced: null });
});

it("knows of a policy's servers which are local, those with an address of their own too", () => {
  const snapshot = policyWith(undefined, ({ candidate }) => {
    Object.assign(candidate[0] ?? {}, { endpoint: "http://h/v1", price_per_hour: 2.5 });
  });
  const { perHourUsd, local } = pricingOf(snapshot);
  expect(perHourUsd).toEqual({ "gpt-oss-20b": 2.5 });
  expect([local.has("sglang"), local.has("sglang/gpt-oss-20b"), local.has("openai")]).toEqual([true, true, false]);
});
