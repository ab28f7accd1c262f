// What a mutation operator is: which nodes it looks at, and the changes that it would make there.
import type { AREAS } from "../suite/schema.ts";
import type { Change, SyntaxNode } from "../rust/syntax.ts";

/** What an operator may look at besides its node. */
export interface Site {
  readonly source: string;
  readonly node: SyntaxNode;
  /** Nearest first. */
  readonly ancestors: readonly SyntaxNode[];
  /** Names of the repository's own functions and methods, which a call may confuse. */
  readonly ownNames: ReadonlySet<string>;
}

/** Meant to break compilation, or to change behaviour. What a change really does is found by running it. */
export const OPERATOR_GROUPS = ["compile", "behaviour"] as const;

export interface OperatorRule {
  readonly group: (typeof OPERATOR_GROUPS)[number];
  readonly area: (typeof AREAS)[number];
  readonly sentence: string;
  /** Kinds of the nodes that `find` is asked about. */
  readonly on: readonly string[];
  readonly find: (site: Site) => readonly Change[];
}

/** Operators of one file, by name. */
export type OperatorGroup = Readonly<Record<string, OperatorRule>>;

export interface Operator extends OperatorRule {
  readonly name: string;
}

export const replaced = (node: SyntaxNode, text: string): Change => ({ start: node.start, end: node.end, text });

export const present = <T>(items: readonly (T | null)[]): T[] => items.filter((item) => item !== null);

/** The nearest ancestor of one of these kinds. */
export const ancestorOf = ({ ancestors }: Site, ...kinds: readonly string[]): SyntaxNode | null => ancestors.find(({ kind }) => kinds.includes(kind)) ?? null;

export const parentKind = ({ ancestors }: Site): string => ancestors[0]?.kind ?? "";
