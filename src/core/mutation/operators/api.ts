// Operators on calls: a method, function or argument that is not quite the API's.
import { type OperatorGroup, present, replaced, type Site } from "../site.ts";
import { type Change, fieldOf, namedIn, removeElement, type SyntaxNode, nodeText } from "../../rust/syntax.ts";

/** Names that people confuse, of the standard library and of crates that follow its conventions. */
const MISTAKEN: Readonly<Record<string, string>> = {
  len: "length",
  is_empty: "empty",
  push: "append",
  push_str: "append",
  push_back: "push",
  pop_front: "shift",
  insert: "put",
  remove: "delete",
  contains: "has",
  contains_key: "has_key",
  entry: "get_or_insert",
  or_insert: "or_default_with",
  iter: "items",
  iter_mut: "items_mut",
  into_iter: "drain_all",
  as_str: "to_str",
  as_bytes: "bytes_of",
  to_string: "into_string",
  to_owned: "into_owned_value",
  starts_with: "has_prefix",
  ends_with: "has_suffix",
  split_at: "split_index",
  trim: "strip",
  map: "transform",
  map_err: "map_error",
  and_then: "then",
  unwrap_or: "or_value",
  unwrap_or_else: "or_else_value",
  ok_or: "or_err",
  filter_map: "map_filter",
  collect: "to_vec_of",
  extend: "push_all",
  parse: "parse_as",
  min: "minimum",
  max: "maximum",
  abs: "absolute",
  pow: "power",
  next: "advance",
  peek: "look",
  get: "at",
  get_mut: "at_mut",
  new: "create",
  from: "of",
  default: "empty_value",
  with_capacity: "sized",
};

/** Methods of the same shape with another meaning. */
const SIBLINGS: readonly (readonly [string, string])[] = [
  ["min", "max"],
  ["first", "last"],
  ["any", "all"],
  ["is_some", "is_none"],
  ["is_ok", "is_err"],
  ["saturating_add", "wrapping_add"],
  ["saturating_sub", "wrapping_sub"],
  ["checked_add", "checked_sub"],
  ["wrapping_add", "wrapping_sub"],
  ["push_front", "push_back"],
  ["pop_front", "pop_back"],
  ["starts_with", "ends_with"],
  ["trim_start", "trim_end"],
  ["take_while", "skip_while"],
  ["take", "skip"],
  ["floor", "ceil"],
  ["find", "rfind"],
  ["split_once", "rsplit_once"],
  ["to_lowercase", "to_uppercase"],
  ["to_ascii_lowercase", "to_ascii_uppercase"],
  ["is_lt", "is_gt"],
  ["leading_zeros", "trailing_zeros"],
  ["min_by_key", "max_by_key"],
  ["and", "or"],
  ["chars", "bytes"],
  ["keys", "values"],
  ["is_ascii_digit", "is_ascii_alphanumeric"],
  ["is_alphabetic", "is_alphanumeric"],
  ["div_euclid", "rem_euclid"],
];

const SIBLING = new Map(SIBLINGS.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

export const apiOperators = {
  "misname-call": {
    group: "compile",
    area: "api-misuse",
    sentence: "calls a function or method by a name that the API might have had",
    on: ["call_expression"],
    find: (site) => {
      const name = calledName(site.node);
      return name ? [replaced(name, mistakenFor(nodeText(site.source, name), site.ownNames))] : [];
    },
  },
  "confuse-call": {
    group: "compile",
    area: "api-misuse",
    sentence: "calls another function of the repository whose name is close",
    on: ["call_expression"],
    find: (site) => {
      const name = calledName(site.node);
      const other = name && closestOwn(nodeText(site.source, name), site.ownNames);
      return name && other ? [replaced(name, other)] : [];
    },
  },
  "misname-field": {
    group: "compile",
    area: "types",
    sentence: "reads a field by a name that it does not have",
    on: ["field_expression"],
    find: (site) => {
      const name = fieldOf(site.node, "field");
      if (!name || name.kind !== "field_identifier" || isCallee(site)) return [];
      return [replaced(name, `${nodeText(site.source, name)}_value`)];
    },
  },
  "drop-argument": {
    group: "compile",
    area: "api-misuse",
    sentence: "leaves an argument out of a call",
    on: ["call_expression"],
    find: ({ node }) => {
      const list = argumentsOf(node);
      return present(list.map((_, index) => removeElement(list, index)));
    },
  },
  "add-borrow": {
    group: "compile",
    area: "ownership",
    sentence: "borrows an argument that the call wants to own",
    on: ["call_expression"],
    find: ({ source, node }) => argumentsOf(node).flatMap((one) => (one.kind === "identifier" ? [replaced(one, `&${nodeText(source, one)}`)] : [])),
  },
  "swap-arguments": {
    group: "behaviour",
    area: "api-misuse",
    sentence: "hands two neighbouring arguments over in the wrong order",
    on: ["call_expression"],
    find: ({ source, node }) => swaps(source, argumentsOf(node)),
  },
  "wrong-method": {
    group: "behaviour",
    area: "api-misuse",
    sentence: "calls the method's sibling",
    on: ["call_expression"],
    find: ({ source, node }) => {
      const name = calledName(node);
      const sibling = name && SIBLING.get(nodeText(source, name));
      return name && sibling ? [replaced(name, sibling)] : [];
    },
  },
} satisfies OperatorGroup;

/** The last name of a callee: `c` in `a::b::c(…)` and in `a.b.c(…)`. */
function calledName(call: SyntaxNode): SyntaxNode | null {
  const called = fieldOf(call, "function");
  const plain = called?.kind === "generic_function" ? fieldOf(called, "function") : called;
  if (!plain) return null;
  if (plain.kind === "identifier") return plain;
  const name = fieldOf(plain, plain.kind === "field_expression" ? "field" : "name");
  return name && /^(field_)?identifier$/.test(name.kind) ? name : null;
}

const argumentsOf = (call: SyntaxNode): readonly SyntaxNode[] => {
  const list = fieldOf(call, "arguments");
  return list ? namedIn(list) : [];
};

function isCallee({ node, ancestors }: Site): boolean {
  const parent = ancestors[0];
  return parent !== undefined && /^(call_expression|generic_function)$/.test(parent.kind) && fieldOf(parent, "function") === node;
}

function swaps(source: string, list: readonly SyntaxNode[]): Change[] {
  return list.slice(1).flatMap((second, index) => {
    const first = list[index];
    if (!first || nodeText(source, first) === nodeText(source, second)) return [];
    return [{ start: first.start, end: second.end, text: nodeText(source, second) + source.slice(first.end, second.start) + nodeText(source, first) }];
  });
}

/** Types and variants can be called like functions: their names get no underscore. */
function mistakenFor(name: string, ownNames: ReadonlySet<string>): string {
  const known = Object.hasOwn(MISTAKEN, name) ? MISTAKEN[name] : undefined;
  if (known !== undefined && !ownNames.has(known)) return known;
  if (/^[A-Z]/.test(name)) return `${name}Value`;
  if (name.startsWith("get_")) return name.slice("get_".length);
  return name.startsWith("with_") ? `set_${name.slice("with_".length)}` : `get_${name}`;
}

/** Another name of the repository that shares words with it; of those that share most, the first in alphabetical order. */
function closestOwn(name: string, ownNames: ReadonlySet<string>): string | null {
  if (!ownNames.has(name)) return null;
  const words = new Set(name.split("_"));
  const scored = [...ownNames].flatMap((other) => {
    const shared = other.split("_").filter((word) => word.length > 2 && words.has(word)).length;
    return other === name || shared === 0 ? [] : [{ other, shared }];
  });
  return scored.toSorted((a, b) => b.shared - a.shared || (a.other < b.other ? -1 : 1))[0]?.other ?? null;
}
