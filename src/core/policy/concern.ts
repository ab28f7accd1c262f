// What of a policy concerns the comparison of some candidates: runs that agree in it can be compared, whatever else was written meanwhile.
import { hashOf, type Sha256 } from "../base/canonical.ts";
import type { PolicySnapshot } from "./snapshot.ts";

type Compared = Pick<PolicySnapshot, "policy" | "candidates">;

/**
 * All of the policy but its version and what concerns only others: of candidates, the entries of those and of the policy's own; of providers,
 * models and prices, those that they or a role use. Another model in candidates.toml, with its server, changes nothing.
 */
export function concernOf({ policy, candidates }: Compared, names: readonly string[]): Sha256 {
  const { meta, promotion, models, providers, prices, ...rest } = policy;
  const concerned = new Set([...names, policy.reflex.candidate, ...policy.reflex.fallbacks]);
  const entries = candidates.filter(({ name }) => concerned.has(name));
  const aliases = new Set(Object.values(policy.roles).map(({ model }) => model));
  const played = Object.entries(models).filter(([alias]) => aliases.has(alias));
  const asked = [...entries, ...played.map(([, model]) => model)];
  return hashOf({
    id: meta.id,
    policy: rest,
    promotion: promotion.filter(({ candidate }) => concerned.has(candidate)),
    models: Object.fromEntries(played),
    providers: only(
      providers,
      asked.map(({ provider }) => provider),
    ),
    prices: only(
      prices.models,
      asked.map(({ model }) => model),
    ),
    candidates: Object.fromEntries(entries.map((candidate) => [candidate.name, candidate])),
  });
}

/** Do two policies agree in what concerns these? An entry that only one of them has was tried under that one alone. */
export function agreeOn(one: Compared, other: Compared, names: readonly string[]): boolean {
  const [own, theirs] = [one, other].map(({ candidates }) => new Set(candidates.map(({ name }) => name)));
  const shared = names.filter((name) => own?.has(name) === theirs?.has(name));
  return concernOf(one, shared) === concernOf(other, shared);
}

function only<T>(table: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)));
}
