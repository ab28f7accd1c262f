// A Rust file as a syntax tree of plain data: what mutation operators work on. Code that may not compile is read by tokens instead (decision 0127).

/** Offsets are UTF-16 units of the source; `kind` is the grammar's name for the node. */
export interface SyntaxNode {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** False for punctuation and keywords. */
  readonly named: boolean;
  /** The name its parent gives it; null where it has none. */
  readonly field: string | null;
  readonly children: readonly SyntaxNode[];
}

export interface SyntaxTree {
  readonly source: string;
  readonly root: SyntaxNode;
}

/** Parses Rust; never throws, whatever the source holds. */
export type ParseRust = (source: string) => SyntaxTree;

/** The replacement of one range of a file. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const nodeText = (source: string, node: SyntaxNode): string => source.slice(node.start, node.end);

export const fieldOf = (node: SyntaxNode, field: string): SyntaxNode | null => node.children.find((child) => child.field === field) ?? null;

export const childOf = (node: SyntaxNode, ...kinds: readonly string[]): SyntaxNode | null => node.children.find(({ kind }) => kinds.includes(kind)) ?? null;

/** Significant children: no punctuation, no comments. */
export const namedIn = (node: SyntaxNode): readonly SyntaxNode[] => node.children.filter(({ named, kind }) => named && !isComment(kind));

export const isComment = (kind: string): boolean => kind === "line_comment" || kind === "block_comment";

/** Nobody writes code nested this deeply, and each level adds an ancestor to every node below it. */
const MAX_DEPTH = 400;

/** Visits a node and everything below it, parents first; `ancestors` begins with the nearest. Skips the children of a node for which `visit` returns false. */
export function walk(root: SyntaxNode, visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => boolean): void {
  const stack: { node: SyntaxNode; ancestors: readonly SyntaxNode[] }[] = [{ node: root, ancestors: [] }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, ancestors } = next;
    if (!visit(node, ancestors) || node.children.length === 0 || ancestors.length >= MAX_DEPTH) continue;
    const inside = [node, ...ancestors];
    for (const child of node.children.toReversed()) stack.push({ node: child, ancestors: inside });
  }
}

/** Removes an element from a list together with one of its separators. */
export function removeElement(list: readonly SyntaxNode[], index: number): Change | null {
  const [before, item, after] = [list[index - 1], list[index], list[index + 1]];
  if (!item) return null;
  if (after) return { start: item.start, end: after.start, text: "" };
  return { start: before ? before.end : item.start, end: item.end, text: "" };
}

/** Offset at which the line of this offset begins. */
export const lineStart = (source: string, offset: number): number => (offset === 0 ? 0 : source.lastIndexOf("\n", offset - 1) + 1);

/** Removes a range, and whole lines if nothing else is on them. */
export function removeLines(source: string, start: number, end: number): Change {
  const first = lineStart(source, start);
  const newline = source.indexOf("\n", end);
  const lineEnd = newline < 0 ? source.length : newline + 1;
  const isAlone = source.slice(first, start).trim() === "" && source.slice(end, lineEnd).trim() === "";
  return isAlone ? { start: first, end: lineEnd, text: "" } : { start, end, text: "" };
}

/** The path of an attribute: `derive`, `tokio::test`. */
export function attributePath(source: string, attribute: SyntaxNode): string {
  const inner = childOf(attribute, "attribute");
  const path = inner && childOf(inner, "identifier", "scoped_identifier");
  return path ? nodeText(source, path) : "";
}
