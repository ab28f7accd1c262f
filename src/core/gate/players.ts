// Who has to be in a run for a gate to decide on it: the two sides, the compiler's baseline, and whoever plays the cloud Implementer.
import { EMBEDDED } from "../policy/rules/rules.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";

/** In the order of the policy's candidates. `reachable`: a model of the policy by its alias; where the cloud's is not, its stand-in plays. */
export function gatePlayers({ policy, candidates }: PolicySnapshot, sides: readonly string[], reachable: (alias: string) => boolean): readonly string[] {
  const model = policy.models[policy.roles.implementer.model];
  const own = candidates.filter(({ provider, model: id, effort }) => provider === model?.provider && id === model.model && effort === model.effort);
  const reference = reachable(policy.roles.implementer.model) ? own.map(({ name }) => name) : ["oracle"];
  const wanted = new Set([...sides, "rustc-suggestions", ...reference]);
  return [...EMBEDDED, ...candidates.map(({ name }) => name), ...sides].filter((name, index, all) => wanted.has(name) && all.indexOf(name) === index);
}
