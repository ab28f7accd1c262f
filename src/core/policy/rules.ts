// What a policy must satisfy beyond its schema: an array of named rules, a sentence each.
import type { WrittenCandidates, WrittenPolicy } from "./schema.ts";

/** Names that policy files may not redefine: they are built in. */
export const EMBEDDED = ["rustc-suggestions", "nop", "oracle"] as const;

export interface RuleFault {
  readonly file: "policy" | "candidates";
  readonly key: readonly PropertyKey[];
  readonly message: string;
}

interface Rule {
  readonly name: string;
  readonly sentence: string;
  readonly check: (policy: WrittenPolicy, candidates: WrittenCandidates) => readonly RuleFault[];
}

const policyFault = (key: readonly PropertyKey[], message: string): RuleFault => ({ file: "policy", key, message });
const candidateFault = (index: number, key: string, message: string): RuleFault => ({ file: "candidates", key: ["candidate", index, key], message });

export const POLICY_RULES: readonly Rule[] = [
  {
    name: "roles-resolve",
    sentence: "Every role's model is an alias that the policy defines.",
    check: (policy) =>
      Object.entries(policy.roles)
        .filter(([, role]) => !Object.hasOwn(policy.models, role.model))
        .map(([role, { model }]) => policyFault(["roles", role, "model"], `${model} is not in [models]: define it there`)),
  },
  {
    name: "models-resolve",
    sentence: "Every model's provider is one that the policy defines.",
    check: (policy) =>
      Object.entries(policy.models)
        .filter(([, model]) => !Object.hasOwn(policy.providers, model.provider))
        .map(([alias, { provider }]) => policyFault(["models", alias, "provider"], `${provider} is not in [providers]: define it there`)),
  },
  {
    name: "judge-is-cloud",
    sentence: "The Judge is always a cloud model.",
    check: (policy) => {
      const provider = policy.providers[policy.models[policy.roles.judge.model]?.provider ?? ""];
      if (!provider || provider.cloud) return [];
      return [policyFault(["roles", "judge", "model"], "the judge is served locally: choose a model of a cloud provider")];
    },
  },
  {
    name: "reflex-candidate-known",
    sentence: "The reflex candidate is one of candidates.toml.",
    check: (policy, candidates) =>
      candidates.candidate.some((candidate) => candidate.name === policy.reflex.candidate)
        ? []
        : [policyFault(["reflex", "candidate"], `${policy.reflex.candidate} is not in candidates.toml: add it there or name one that is`)],
  },
  {
    name: "candidate-names-unique",
    sentence: "Candidate names are unique and none is an embedded one's.",
    check: (_, candidates) => {
      const names = candidates.candidate.map((candidate) => candidate.name);
      return names.flatMap((name, index) => {
        if ((EMBEDDED as readonly string[]).includes(name)) return [candidateFault(index, "name", `${name} is an embedded candidate: choose another name`)];
        return names.indexOf(name) < index ? [candidateFault(index, "name", `${name} is there twice: remove or rename one`)] : [];
      });
    },
  },
  {
    name: "candidates-resolve",
    sentence: "Every candidate's provider is one that the policy defines.",
    check: (policy, candidates) =>
      candidates.candidate.flatMap((candidate, index) =>
        Object.hasOwn(policy.providers, candidate.provider)
          ? []
          : [candidateFault(index, "provider", `${candidate.provider} is not in the policy's [providers]: define it there`)],
      ),
  },
];

export function policyFaults(policy: WrittenPolicy, candidates: WrittenCandidates): readonly RuleFault[] {
  return POLICY_RULES.flatMap((rule) => rule.check(policy, candidates));
}
