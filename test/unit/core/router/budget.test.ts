// A run's budget: what is summed, what is said when, and where it stops.
import { describe, expect, it } from "vitest";
import { BUDGET_LINES, budgetEvents, NOTHING_SPENT, runNote, spend, type Spent, exhaustedBudget } from "../../../../src/core/router/budget.ts";
import { policyWith } from "../../run/fakes.ts";

const limits = { ...policyWith().policy.budgets, run_tokens: 1000, run_cost_usd: 2, warn_percent: 80 };
const call = (prompt: number | null, response: number | null, cost: number | null, model = "m") => ({
  prompt_tokens: prompt,
  response_tokens: response,
  cost_usd: cost,
  resolved_model: model,
  error: null,
});
const spent = (facts: Partial<Spent>): Spent => ({ ...NOTHING_SPENT, ...facts });
const codes = (facts: Partial<Spent>, said: readonly string[] = []) => budgetEvents(limits, spent(facts), new Set(said)).map(({ error_code: code }) => code);

describe("what is spent", () => {
  it("is the sum of what the calls said, with those that did not say counted apart", () => {
    const calls = [call(100, 10, 0.5), call(null, null, null, "x"), call(50, null, null, "y"), call(1, 2, 0)];
    expect(calls.reduce(spend, NOTHING_SPENT)).toEqual({ tokens: 163, callsOfUnknownTokens: 2, costUsd: 0.5, callsOfUnknownCost: 2, unpriced: "x" });
  });

  it("is nothing where the server was never reached, and unknown where it was", () => {
    expect(spend(NOTHING_SPENT, { ...call(null, null, null), error: "refused-connection: no" })).toBe(NOTHING_SPENT);
    expect(spend(NOTHING_SPENT, { ...call(null, null, null), error: "timeout-total: no" }).callsOfUnknownCost).toBe(1);
  });
});

describe("the lines of a budget", () => {
  it("are said when they are reached, not before", () => {
    expect(codes({ tokens: 799, costUsd: 1.59 })).toEqual([]);
    expect(codes({ tokens: 800 })).toEqual(["token-budget-warning"]);
    expect(codes({ costUsd: 1.6 })).toEqual(["cost-budget-warning"]);
    expect(codes({ tokens: 999 })).toEqual(["token-budget-warning"]);
    expect(codes({ tokens: 1000 })).toEqual(["token-budget-warning", "token-budget-spent"]);
    expect(codes({ costUsd: 2 })).toEqual(["cost-budget-warning", "cost-budget-spent"]);
    expect(codes({ callsOfUnknownCost: 1, unpriced: "x", callsOfUnknownTokens: 1 })).toEqual(["cost-unknown", "tokens-unknown"]);
  });

  it("are said once", () => {
    expect(codes({ tokens: 1000 }, ["token-budget-warning"])).toEqual(["token-budget-spent"]);
    expect(codes({ tokens: 1000 }, ["token-budget-warning", "token-budget-spent"])).toEqual([]);
  });

  it("are told with what they leave out", () => {
    const message = (facts: Partial<Spent>, code: string) => budgetEvents(limits, spent(facts), new Set()).find((event) => event.error_code === code)?.message;
    expect(message({ tokens: 900 }, "token-budget-warning")).toBe("900 of 1000 tokens are used");
    expect(message({ tokens: 1000, callsOfUnknownTokens: 1 }, "token-budget-spent")).toBe("1000 of 1000 tokens are used; 1 call of unknown length not counted");
    expect(message({ costUsd: 1.75 }, "cost-budget-warning")).toBe("1.7500 of 2 US dollars are spent");
    expect(message({ costUsd: 2.5, callsOfUnknownCost: 3 }, "cost-budget-spent")).toBe("2.5000 of 2 US dollars are spent; 3 calls of unknown cost not counted");
    expect(message({ callsOfUnknownCost: 1, unpriced: "gpt-x" }, "cost-unknown")).toBe(
      "a call of gpt-x has no known cost, so the cost budget does not count it: is its price in [prices]?",
    );
    expect(message({ callsOfUnknownTokens: 1 }, "tokens-unknown")).toBe("a call did not say how many tokens it used, so the token budget does not count it");
  });

  it("have a code of their own and a sentence each", () => {
    expect(new Set(BUDGET_LINES.map(({ code }) => code)).size).toBe(BUDGET_LINES.length);
    for (const { sentence } of BUDGET_LINES) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the end of a budget", () => {
  it("comes at its limit, with its words", () => {
    expect(exhaustedBudget(limits, spent({ tokens: 999, costUsd: 1.99, callsOfUnknownCost: 9 }))).toBeNull();
    expect(exhaustedBudget(limits, spent({ tokens: 1000 }))).toBe("1000 of 1000 tokens are used");
    expect(exhaustedBudget(limits, spent({ costUsd: 2 }))).toBe("2.0000 of 2 US dollars are spent");
    expect(exhaustedBudget(limits, spent({ tokens: 1000, costUsd: 2 }))).toBe("1000 of 1000 tokens are used");
  });

  it("does not come by spending nothing, even of nothing", () => {
    const nothing = { ...limits, run_cost_usd: 0 };
    expect(exhaustedBudget(nothing, NOTHING_SPENT)).toBeNull();
    expect(exhaustedBudget(nothing, spent({ costUsd: 0.0001 }))).not.toBeNull();
    expect(budgetEvents({ ...limits, warn_percent: 0 }, NOTHING_SPENT, new Set())).toEqual([]);
  });
});

describe("a note of the run", () => {
  it("is a warning that nothing has to stop for", () => {
    expect(runNote("a-code", "words")).toEqual({
      type: "ErrorEvent",
      error_code: "a-code",
      message: "words",
      severity: "Warning",
      stage: null,
      recoverable: true,
    });
  });
});
