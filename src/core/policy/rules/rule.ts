// What a policy rule is: a name, a sentence, the sections it reads, and the faults that it finds.
import type { WrittenCandidates, WrittenPolicy } from "../schema.ts";

/** The policy as the rules see it: its sections and the candidates. */
export interface Written extends WrittenPolicy {
  readonly candidates: WrittenCandidates["candidate"];
}

export interface RuleFault {
  readonly file: "policy" | "candidates";
  readonly key: readonly PropertyKey[];
  /** `what: way out`. */
  readonly message: string;
}

/** What a rule may use besides the sections it reads. */
export interface RuleFacts {
  /** The merged tables as they were written, before any schema. */
  readonly raw: unknown;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Errors make the policy invalid; warnings are shown and recorded. */
export type Severity = "error" | "warning";

export interface Rule {
  readonly name: string;
  readonly sentence: string;
  readonly severity: Severity;
  /** No faults if a section that the rule reads is invalid. */
  check(written: Partial<Written>, facts: RuleFacts): readonly RuleFault[];
}

interface RuleParts<K extends keyof Written> {
  readonly name: string;
  readonly sentence: string;
  readonly severity?: Severity;
  readonly reads: readonly K[];
  readonly check: (written: Pick<Written, K>, facts: RuleFacts) => readonly RuleFault[];
}

export function rule<K extends keyof Written>({ name, sentence, severity = "error", reads, check }: RuleParts<K>): Rule {
  const readable = (written: Partial<Written>): written is Partial<Written> & Pick<Written, K> => reads.every((section) => written[section] !== undefined);
  return { name, sentence, severity, check: (written, facts) => (readable(written) ? check(written, facts) : []) };
}

export const policyFault = (key: readonly PropertyKey[], message: string): RuleFault => ({ file: "policy", key, message });
export const candidateFault = (index: number, key: string, message: string): RuleFault => ({ file: "candidates", key: ["candidate", index, key], message });
