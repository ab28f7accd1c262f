// What a trial's calls used, as Inspect AI counts it: tokens by model, and by role.
import { sumUnlessUnknown } from "../../../metrics/summary/trial.ts";
import type { ModelCall } from "../../../trial/events/model-call.ts";

/** Counts that no server reported are left out where Inspect allows it, and 0 where it does not. */
export interface InspectUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly input_tokens_cache_read?: number;
  readonly reasoning_tokens?: number;
  readonly total_cost?: number;
}

/** The name of what answered; a stand-in goes by its own name, so that its tokens are never counted as the model's. */
export const inspectModel = ({ provider, stand_in: standIn, resolved_model: model }: Pick<ModelCall, "provider" | "stand_in" | "resolved_model">): string =>
  standIn === null ? `${provider}/${model}` : `stand-in/${standIn}`;

/** Null where the server reported no tokens of any of the calls. */
export function usageOf(calls: readonly ModelCall[]): InspectUsage | null {
  const input = knownSum(calls, "prompt_tokens");
  const output = knownSum(calls, "response_tokens");
  if (input === null && output === null) return null;
  const cached = knownSum(calls, "cached_tokens");
  const reasoning = knownSum(calls, "reasoning_tokens");
  const cost = sumUnlessUnknown(calls.map(({ cost_usd: usd }) => usd));
  return {
    input_tokens: input ?? 0,
    output_tokens: output ?? 0,
    total_tokens: (input ?? 0) + (output ?? 0),
    ...(cached === null ? {} : { input_tokens_cache_read: cached }),
    ...(reasoning === null ? {} : { reasoning_tokens: reasoning }),
    ...(cost === null ? {} : { total_cost: cost }),
  };
}

type Counted = "prompt_tokens" | "response_tokens" | "cached_tokens" | "reasoning_tokens";

function knownSum(calls: readonly ModelCall[], field: Counted): number | null {
  const known = calls.map((call) => call[field]).filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

/** By model or by role; without those whose usage nobody reported. */
export function usageBy(calls: readonly ModelCall[], keyOf: (call: ModelCall) => string): Readonly<Record<string, InspectUsage>> {
  const keys = [...new Set(calls.map(keyOf))];
  const entries = keys.flatMap((key) => {
    const usage = usageOf(calls.filter((call) => keyOf(call) === key));
    return usage === null ? [] : [[key, usage] as const];
  });
  return Object.fromEntries(entries);
}
