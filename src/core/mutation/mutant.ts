// Every change that the operators would make to a set of files, each once, with the function that contains it.
import { hashOf, type Sha256 } from "../base/canonical.ts";
import type { Edit } from "../text/edit.ts";
import { readCode } from "../rust/code.ts";
import { readItems, testModules } from "../rust/items.ts";
import type { Operator } from "./site.ts";
import { type Change, fieldOf, lineStart, type ParseRust, type SyntaxNode, type SyntaxTree, nodeText, walk } from "../rust/syntax.ts";

/** The outermost function around a change: `body` is the offset after its opening brace. */
export interface Enclosing {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly body: number;
}

export interface Mutant {
  readonly path: string;
  readonly operator: Operator;
  readonly change: Change;
  /** 1-based line on which the change begins. */
  readonly line: number;
  readonly enclosing: Enclosing | null;
  /** Names path and change. */
  readonly key: Sha256;
}

/** Names the function that a mutant lies in; one outside of all functions is alone. */
export const functionOf = ({ path, enclosing, key }: Pick<Mutant, "path" | "enclosing" | "key">): string =>
  enclosing === null ? `${path} ${key}` : `${path} ${enclosing.start}`;

export interface MutableFile {
  readonly path: string;
  readonly source: string;
}

/** All mutants of the files, by path and position. Test code is not mutated. */
export function findMutants(files: readonly MutableFile[], operators: readonly Operator[], parse: ParseRust): Mutant[] {
  const trees = files.map((file) => ({ path: file.path, tree: parse(file.source) }));
  const ownNames = new Set(trees.flatMap(({ tree }) => functionNames(tree)));
  return trees.flatMap(({ path, tree }) => mutantsOf(path, tree, operators, ownNames));
}

function functionNames({ source, root }: SyntaxTree): string[] {
  const names: string[] = [];
  walk(root, (node) => {
    const name = node.kind === "function_item" || node.kind === "function_signature_item" ? fieldOf(node, "name") : null;
    if (name) names.push(nodeText(source, name));
    return true;
  });
  return names;
}

function mutantsOf(path: string, { source, root }: SyntaxTree, operators: readonly Operator[], ownNames: ReadonlySet<string>): Mutant[] {
  const byKind = new Map<string, Operator[]>();
  for (const operator of operators) for (const kind of operator.on) byKind.set(kind, [...(byKind.get(kind) ?? []), operator]);
  const found = new Map<string, Mutant>();
  const isTest = testRanges(source);
  const lines = lineStarts(source);
  walk(root, (node, ancestors) => {
    // What the grammar could not parse is not mutated. Of macro arguments only literals are: the rest is a list of tokens.
    if (node.kind === "ERROR" || node.kind === "macro_definition" || isTest(node)) return false;
    for (const operator of byKind.get(node.kind) ?? []) {
      for (const change of operator.find({ source, node, ancestors, ownNames })) {
        const least = trimmed(source, change);
        if (!least) continue;
        const key = hashOf({ path, ...least });
        if (!found.has(key))
          found.set(key, { path, operator, change: least, line: lineAt(lines, least.start), enclosing: enclosingOf(source, [node, ...ancestors]), key });
      }
    }
    return node.kind !== "attribute_item";
  });
  return [...found.values()];
}

/** The change without its unchanged ends; null if it changes nothing. */
function trimmed(source: string, { start, end, text }: Change): Change | null {
  const old = source.slice(start, end);
  let head = 0;
  while (head < old.length && head < text.length && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < text.length - head && old.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  return head === old.length && head === text.length ? null : { start: start + head, end: end - tail, text: text.slice(head, text.length - tail) };
}

function testRanges(source: string): (node: SyntaxNode) => boolean {
  const items = readItems(readCode(source));
  const ranges = [...testModules(items), ...items.tests];
  return ({ start, end }) => ranges.some((range) => start >= range.start && end <= range.end);
}

function enclosingOf(source: string, path: readonly SyntaxNode[]): Enclosing | null {
  const outer = path.findLast(({ kind }) => kind === "function_item");
  const [name, body] = outer ? [fieldOf(outer, "name"), fieldOf(outer, "body")] : [null, null];
  return outer && name && body ? { name: nodeText(source, name), start: outer.start, end: outer.end, body: body.start + 1 } : null;
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (let end = source.indexOf("\n"); end >= 0; end = source.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** Binary search: the number of starts at or before the offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const mutatedSource = (source: string, { start, end, text }: Change): string => source.slice(0, start) + text + source.slice(end);

/** The change as an edit of whole lines, with as many lines around it as make the searched text unique. */
export function editOf(path: string, source: string, change: Change): Edit {
  let from = lineStart(source, change.start);
  let to = lineEnd(source, change.end);
  for (let upwards = true; !isOnce(source, source.slice(from, to)); upwards = !upwards) {
    if (upwards && from > 0) from = lineStart(source, from - 1);
    else if (to < source.length) to = lineEnd(source, to + 1);
    else from = from > 0 ? lineStart(source, from - 1) : from;
  }
  return { path, search: source.slice(from, to), replace: source.slice(from, change.start) + change.text + source.slice(change.end, to) };
}

/** Offset after the newline of the line that `offset` ends on. */
function lineEnd(source: string, offset: number): number {
  if (offset > 0 && source[offset - 1] === "\n") return offset;
  const newline = source.indexOf("\n", offset);
  return newline < 0 ? source.length : newline + 1;
}

const isOnce = (source: string, text: string): boolean => text !== "" && source.indexOf(text) === source.lastIndexOf(text);
