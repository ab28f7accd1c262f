// The options of a policy's network providers.
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { providerOf } from "../../core/router/reflex.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ServedModel } from "./dialects/dialect.ts";
import type { OpenAiCompatibleOptions } from "./provider-options.ts";

interface NetworkNeeds {
  readonly snapshot: PolicySnapshot;
  readonly keyOf: (provider: string) => string | null;
  readonly caOf: (provider: string) => string | null;
  readonly clock: Clock;
}

/** Limits on the parts of a call, for which the policy sets only the total. */
const PART_LIMITS = { connectMs: 5_000, firstTokenMs: 60_000, idleMs: 30_000 };

/** Options of every provider in a policy, and of every candidate with its own server. `keyOf`: a provider's key, or null. */
export function networkOptions({ snapshot, keyOf, caOf, clock }: NetworkNeeds): OpenAiCompatibleOptions[] {
  const { policy, candidates } = snapshot;
  const limits = { maxAnswerChars: policy.limits.max_answer_chars, ...PART_LIMITS };
  const shared = Object.entries(policy.providers).map(([name, { kind, api = "chat", endpoint }]) => ({
    name,
    kind,
    api,
    endpoint,
    apiKey: keyOf(name),
    ca: caOf(name),
    clock,
    limits,
  }));
  const own = candidates.flatMap((candidate) => {
    const provider = policy.providers[candidate.provider];
    if (candidate.endpoint === undefined || !provider) return [];
    return [
      {
        name: providerOf(candidate),
        kind: provider.kind,
        api: provider.api ?? "chat",
        endpoint: candidate.endpoint,
        apiKey: keyOf(candidate.provider),
        ca: caOf(candidate.provider),
        clock,
        limits,
      },
    ];
  });
  return [...shared, ...own].map((options) => ({ ...options, models: servedBy(snapshot, options.name) }));
}

function servedBy(snapshot: PolicySnapshot, provider: string): OpenAiCompatibleOptions["models"] {
  const roles = Object.entries(snapshot.policy.models)
    .filter(([, model]) => model.provider === provider)
    .map(
      ([alias, model]) => [alias, { model: model.model, effort: model.effort ?? null, temperature: null, maxOutputTokens: model.max_output_tokens }] as const,
    );
  const candidates = snapshot.candidates.filter((candidate) => providerOf(candidate) === provider).map((item) => [item.name, servedCandidate(item)] as const);
  return Object.fromEntries([...roles, ...candidates]);
}

/** A candidate as its server is asked for it. */
function servedCandidate(item: PolicySnapshot["candidates"][number]): ServedModel {
  const { top_p, top_k, seed, stop, chat_template_kwargs, extra_body: extra, structured_output: form } = item;
  const set = Object.entries({ top_p, top_k, seed, stop, chat_template_kwargs }).filter(([, value]) => value !== undefined);
  return {
    model: item.model,
    effort: item.effort ?? null,
    temperature: item.temperature ?? null,
    maxOutputTokens: item.max_output_tokens,
    acceptModels: item.accept_models ?? [],
    members: { ...extra, ...Object.fromEntries(set) },
    ...(form === undefined ? {} : { structuredOutput: form }),
  };
}
