// What a run has spent of its budget, and the events about it: the warning, the stop, and unknown costs.
import type { WrittenPolicy } from "../policy/schema.ts";
import type { EventOf } from "../trial/event.ts";

/** Sums over the calls that reported usage; the others are counted separately, never as zero. */
export interface Spent {
  readonly tokens: number;
  readonly callsOfUnknownTokens: number;
  /** US dollars. */
  readonly costUsd: number;
  readonly callsOfUnknownCost: number;
  /** The first model whose cost was unknown, by its provider's id. */
  readonly unpriced: string | null;
}

/** Both together. */
export const spentTogether = (a: Spent, b: Spent): Spent => ({
  tokens: a.tokens + b.tokens,
  callsOfUnknownTokens: a.callsOfUnknownTokens + b.callsOfUnknownTokens,
  costUsd: a.costUsd + b.costUsd,
  callsOfUnknownCost: a.callsOfUnknownCost + b.callsOfUnknownCost,
  unpriced: a.unpriced ?? b.unpriced,
});

export const NOTHING_SPENT: Spent = { tokens: 0, callsOfUnknownTokens: 0, costUsd: 0, callsOfUnknownCost: 0, unpriced: null };

type Call = Pick<EventOf<"ModelCallEnvelope">, "prompt_tokens" | "response_tokens" | "cost_usd" | "unpriced" | "resolved_model" | "error" | "answer_reused">;

/** It never reached its server, or needed none: it used nothing. */
const isUnsent = ({ answer_reused: reused, error }: Call): boolean => reused === true || error?.startsWith("refused-connection") === true;

export function spend(spent: Spent, call: Call): Spent {
  const { prompt_tokens: prompt, response_tokens: response, cost_usd: cost, resolved_model: model } = call;
  if (isUnsent(call)) return spent;
  // Nobody sends a bill for what runs on one's own machine: no budget needs to hold it.
  const isUnknown = cost === null && call.unpriced === undefined;
  return {
    tokens: spent.tokens + (prompt ?? 0) + (response ?? 0),
    callsOfUnknownTokens: spent.callsOfUnknownTokens + (prompt === null || response === null ? 1 : 0),
    costUsd: spent.costUsd + (cost ?? 0),
    callsOfUnknownCost: spent.callsOfUnknownCost + (isUnknown ? 1 : 0),
    unpriced: spent.unpriced ?? (isUnknown ? model : null),
  };
}

type Limits = WrittenPolicy["budgets"];

interface Line {
  readonly code: string;
  readonly sentence: string;
  readonly reached: (limits: Limits, spent: Spent) => boolean;
  readonly message: (limits: Limits, spent: Spent) => string;
}

const reaches = (part: number, limit: number, percent: number): boolean => part > 0 && part >= (limit * percent) / 100;
const apart = (calls: number, what: string): string => (calls === 0 ? "" : `; ${calls} ${calls === 1 ? "call" : "calls"} of unknown ${what} not counted`);
const tokensText = (limits: Limits, spent: Spent): string =>
  `${spent.tokens} of ${limits.run_tokens} tokens are used${apart(spent.callsOfUnknownTokens, "length")}`;
const costText = (limits: Limits, spent: Spent): string =>
  `${spent.costUsd.toFixed(4)} of ${limits.run_cost_usd} US dollars are spent${apart(spent.callsOfUnknownCost, "cost")}`;

/** Each is recorded once, when it is first reached. */
export const BUDGET_LINES: readonly Line[] = [
  {
    code: "cost-unknown",
    sentence: "A call whose cost is not known is said to be so: the cost budget can't hold it.",
    reached: (_, { unpriced }) => unpriced !== null,
    message: (_, { unpriced }) => `a call of ${String(unpriced)} has no known cost, so the cost budget does not count it: is its price in [prices]?`,
  },
  {
    code: "tokens-unknown",
    sentence: "A call that does not say how many tokens it used is said to be so: the token budget can't hold it.",
    reached: (_, spent) => spent.callsOfUnknownTokens > 0,
    message: () => "a call did not say how many tokens it used, so the token budget does not count it",
  },
  {
    code: "token-budget-warning",
    sentence: "The run's tokens come to budgets.warn_percent of their budget.",
    reached: (limits, spent) => reaches(spent.tokens, limits.run_tokens, limits.warn_percent),
    message: tokensText,
  },
  {
    code: "cost-budget-warning",
    sentence: "The run's cost comes to budgets.warn_percent of its budget.",
    reached: (limits, spent) => reaches(spent.costUsd, limits.run_cost_usd, limits.warn_percent),
    message: costText,
  },
  {
    code: "token-budget-spent",
    sentence: "The run's tokens are used up.",
    reached: (limits, spent) => reaches(spent.tokens, limits.run_tokens, 100),
    message: tokensText,
  },
  {
    code: "cost-budget-spent",
    sentence: "The run's cost budget is used up.",
    reached: (limits, spent) => reaches(spent.costUsd, limits.run_cost_usd, 100),
    message: costText,
  },
];

const STOPS: ReadonlySet<string> = new Set(["token-budget-spent", "cost-budget-spent"]);

/** Is it the code of the event that says that the run may spend no more? */
export const isBudgetStop = (code: string): boolean => STOPS.has(code);

/** The first budget that is used up, in words; null if none is. */
export function exhaustedBudget(limits: Limits, spent: Spent): string | null {
  const line = BUDGET_LINES.find(({ code, reached }) => STOPS.has(code) && reached(limits, spent));
  return line ? line.message(limits, spent) : null;
}

/** Events for the lines that are reached and were not recorded before. */
export function budgetEvents(limits: Limits, spent: Spent, said: ReadonlySet<string>): readonly EventOf<"ErrorEvent">[] {
  const fresh = BUDGET_LINES.filter(({ code, reached }) => !said.has(code) && reached(limits, spent));
  return fresh.map(({ code, message }) => runNote(code, message(limits, spent)));
}

/** A note about the whole run. */
export const runNote = (code: string, message: string): EventOf<"ErrorEvent"> => ({
  type: "ErrorEvent",
  error_code: code,
  message,
  severity: "Warning",
  stage: null,
  recoverable: true,
});
