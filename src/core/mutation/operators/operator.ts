// What a mutation operator is, and all of them in one list: each a small change that a hand could have slipped into.
import { apiOperators } from "./api.ts";
import { behaviourOperators } from "./behaviour.ts";
import { signatureOperators } from "./signature.ts";
import { typeOperators } from "./type.ts";
import type { Operator } from "../site.ts";

export const OPERATORS: readonly Operator[] = [...typeOperators, ...signatureOperators, ...apiOperators, ...behaviourOperators];

/** The operators of these names or groups (`compile`, `behaviour`); all, where none is named. Unknown names are given back apart. */
export function chosenOperators(names: readonly string[] | null): { readonly operators: readonly Operator[]; readonly unknown: readonly string[] } {
  if (names === null) return { operators: OPERATORS, unknown: [] };
  const isNamed = ({ name, group }: Operator) => names.includes(name) || names.includes(group);
  const known = new Set<string>(OPERATORS.flatMap(({ name, group }) => [name, group]));
  return { operators: OPERATORS.filter(isNamed), unknown: names.filter((name) => !known.has(name)) };
}
