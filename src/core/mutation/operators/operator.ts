// Every mutation operator by name: each a small mistake that a person could make.
import { BakeoffError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { type Operator, OPERATOR_GROUPS, type OperatorRule } from "../site.ts";
import { apiOperators } from "./api.ts";
import { behaviourOperators } from "./behaviour.ts";
import { signatureOperators } from "./signature.ts";
import { typeOperators } from "./type.ts";

export type OperatorName = keyof typeof typeOperators | keyof typeof signatureOperators | keyof typeof apiOperators | keyof typeof behaviourOperators;

/** The order is part of what a seed determines. */
const REGISTRY: Readonly<Record<OperatorName, OperatorRule>> = { ...typeOperators, ...signatureOperators, ...apiOperators, ...behaviourOperators };

export const OPERATORS: readonly Operator[] = Object.entries(REGISTRY).map(([name, rule]) => ({ name, ...rule }));

/** What `--kinds` accepts: groups and operators. */
const KINDS: readonly string[] = [...OPERATOR_GROUPS, ...OPERATORS.map(({ name }) => name)];

/** The operators of these names or groups; null: all. Throws `usage` for an unknown name. */
export function chosenOperators(kinds: readonly string[] | null): readonly Operator[] {
  const unknown = kinds?.find((kind) => !KINDS.includes(kind));
  if (unknown !== undefined)
    throw new BakeoffError("usage", `no kind ${unknown}`, `did you mean ${nearest(unknown, KINDS).join(" or ")}? There are: ${KINDS.join(", ")}`);
  return OPERATORS.filter(({ name, group }) => kinds === null || kinds.includes(name) || kinds.includes(group));
}

/** The help text of `--kinds`. */
export const KINDS_HELP = `operators (${OPERATORS.length} of them), or the groups ${OPERATOR_GROUPS.join(" and ")} (default: all)`;
