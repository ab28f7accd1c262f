// The Rust parser for tests of what works on syntax trees, loaded once.
import { loadRustParser } from "../../../../src/adapters/syntax/rust-syntax.ts";
import { findMutants, type Mutant, mutatedSource } from "../../../../src/core/mutation/mutant.ts";
import { OPERATORS } from "../../../../src/core/mutation/operators/operator.ts";

export const parse = await loadRustParser();

export function mutantsOf(source: string, operator?: string): Mutant[] {
  const operators = operator === undefined ? OPERATORS : OPERATORS.filter(({ name }) => name === operator);
  if (operators.length === 0) throw new Error(`no operator ${operator}`);
  return findMutants([{ path: "src/lib.rs", source }], operators, parse);
}

/** What the file becomes by each mutant of an operator. */
export const mutated = (source: string, operator: string): string[] => mutantsOf(source, operator).map(({ change }) => mutatedSource(source, change));
