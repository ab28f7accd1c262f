// What a policy must satisfy beyond its schema: one array of named rules with a sentence each.
import { candidateFault, type Rule, rule, type RuleFacts, type RuleFault, type Severity, type Written } from "./rule.ts";
import { LIMIT_RULES } from "./limits.ts";
import { REFLEX_RULES } from "./reflex.ts";
import { ROLE_RULES } from "./roles.ts";
import { SERVING_RULES } from "./serving.ts";

/** Names that policy files may not redefine: they are built in. */
export const EMBEDDED = ["rustc-suggestions", "nop", "oracle"] as const;

/** Embedded candidates that run only where they are asked for: `cheat` shows what an impossible suite finds. */
export const EMBEDDED_ON_REQUEST = ["cheat"] as const;

export const isEmbedded = (name: string): boolean => [...EMBEDDED, ...EMBEDDED_ON_REQUEST].some((own) => own === name);

const NAME_RULE = rule({
  name: "candidate-names-unique",
  sentence: "Candidate names are unique and differ from those of embedded candidates.",
  reads: ["candidates"],
  check: ({ candidates }) => {
    const names = candidates.map((candidate) => candidate.name);
    return names.flatMap((name, index) => {
      if (isEmbedded(name)) return [candidateFault(index, "name", `${name} is an embedded candidate: choose another name`)];
      return names.indexOf(name) < index ? [candidateFault(index, "name", `${name} is defined twice: remove or rename one`)] : [];
    });
  },
});

export const POLICY_RULES: readonly Rule[] = [...ROLE_RULES, ...REFLEX_RULES, NAME_RULE, ...SERVING_RULES, ...LIMIT_RULES];

/** Every fault of that severity, in the order of the rules; rules whose sections are missing find nothing. */
export function policyFaults(written: Partial<Written>, facts: RuleFacts, severity: Severity): readonly (RuleFault & { readonly rule: string })[] {
  return POLICY_RULES.filter((each) => each.severity === severity).flatMap((each) =>
    each.check(written, facts).map((fault) => ({ ...fault, rule: each.name })),
  );
}
