// What a call cost: by the dated prices, nothing where nothing was sent, and null where it can't be known.
import { expect, it } from "vitest";
import { callCostUsd } from "../../../../src/core/trial/call-cost.ts";

const PRICES = { "gpt-5.2": { input: 2, cached: 0.5, output: 10 }, plain: { input: 2, output: 10 } };
const CALL = { provider: "openai", resolved_model: "gpt-5.2", failure: null, prompt_tokens: 1_000_000, response_tokens: 100_000, cached_tokens: null };

it.each([
  ["by its tokens", {}, 3],
  ["less for what was cached", { cached_tokens: 400_000 }, 2.4],
  ["no less where more is said to be cached than was sent", { cached_tokens: 5_000_000 }, 1.5],
  ["as much for what was cached where the price list says nothing of that", { resolved_model: "plain", cached_tokens: 400_000 }, 3],
  ["also where it failed after it was sent", { failure: "timeout-total" as const }, 3],
  ["nothing where it was never sent", { failure: "refused-connection" as const, prompt_tokens: null }, 0],
  ["nothing by an embedded model", { provider: "embedded", resolved_model: "oracle" }, 0],
  ["unknown without a price", { resolved_model: "constructor" }, null],
  ["unknown without its tokens", { response_tokens: null }, null],
])("a call costs %s", (_, changes, usd) => {
  const cost = callCostUsd(PRICES, { ...CALL, ...changes });
  if (usd === null) expect(cost).toBeNull();
  else expect(cost).toBeCloseTo(usd, 9);
});
