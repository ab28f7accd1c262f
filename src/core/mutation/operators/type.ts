// Operators on ownership, types and traits: changes that the compiler should refuse.
import { ancestorOf, type OperatorGroup, parentKind, present, replaced, type Site } from "../site.ts";
import { attributePath, childOf, fieldOf, namedIn, removeElement, removeLines, type SyntaxNode, nodeText } from "../../rust/syntax.ts";

const COPIES = new Set(["clone", "to_owned", "to_string", "to_vec", "cloned", "copied"]);
const CONVERSIONS = new Set(["into", "as_str", "as_ref", "as_mut", "as_slice", "as_bytes", "iter", "into_iter", "borrow", "chars", "collect", "unwrap", "len"]);

const OTHER_TYPE: Readonly<Record<string, string>> = {
  u8: "u16",
  u16: "u32",
  u32: "u64",
  u64: "u32",
  u128: "u64",
  usize: "u32",
  i8: "i16",
  i16: "i32",
  i32: "i64",
  i64: "i32",
  i128: "i64",
  isize: "i32",
  f32: "f64",
  f64: "f32",
  bool: "u8",
  char: "u8",
};

export const typeOperators = {
  "remove-import": {
    group: "compile",
    area: "modules",
    sentence: "takes one name out of a `use`, or the whole of it",
    on: ["use_declaration"],
    find: ({ source, node }) => {
      const argument = fieldOf(node, "argument");
      const list = argument && (argument.kind === "use_list" ? argument : fieldOf(argument, "list"));
      const names = list ? namedIn(list) : [];
      return names.length > 1 ? present(names.map((_, index) => removeElement(names, index))) : [removeLines(source, node.start, node.end)];
    },
  },
  "remove-mut": {
    group: "compile",
    area: "borrow-checker",
    sentence: "takes a `mut` away from a binding or a borrow",
    on: ["mutable_specifier"],
    find: ({ source, node }) => [{ start: node.start, end: node.end + (/^\s*/.exec(source.slice(node.end, node.end + 8))?.[0].length ?? 0), text: "" }],
  },
  "remove-borrow": {
    group: "compile",
    area: "ownership",
    sentence: "passes a value where a borrow was passed",
    on: ["reference_expression"],
    find: ({ source, node }) => valueOnly(source, node, fieldOf(node, "value")),
  },
  "remove-deref": {
    group: "compile",
    area: "types",
    sentence: "takes the star off a dereference",
    on: ["unary_expression"],
    find: ({ source, node }) => (source.startsWith("*", node.start) ? valueOnly(source, node, namedIn(node)[0] ?? null) : []),
  },
  "remove-derive": {
    group: "compile",
    area: "traits",
    sentence: "takes one trait out of a derive",
    on: ["attribute_item"],
    find: ({ source, node }) => (attributePath(source, node) === "derive" ? derivedTraits(node) : []),
  },
  "remove-clone": {
    group: "compile",
    area: "ownership",
    sentence: "moves a value where a copy of it was made",
    on: ["call_expression"],
    find: (site) => withoutCall(site, COPIES),
  },
  "remove-conversion": {
    group: "compile",
    area: "types",
    sentence: "leaves out a conversion",
    on: ["call_expression"],
    find: (site) => withoutCall(site, CONVERSIONS),
  },
  "remove-question-mark": {
    group: "compile",
    area: "types",
    sentence: "leaves a result unopened",
    on: ["try_expression"],
    find: ({ source, node }) => valueOnly(source, node, namedIn(node)[0] ?? null),
  },
  "remove-await": {
    group: "compile",
    area: "async",
    sentence: "does not wait for a future",
    on: ["await_expression"],
    find: ({ source, node }) => valueOnly(source, node, namedIn(node)[0] ?? null),
  },
  "remove-move": {
    group: "compile",
    area: "borrow-checker",
    sentence: "lets a closure borrow what it must own",
    on: ["closure_expression"],
    find: ({ node }) => {
      const keyword = childOf(node, "move");
      return keyword ? [{ start: keyword.start, end: keyword.end + 1, text: "" }] : [];
    },
  },
  "remove-match-arm": {
    group: "compile",
    area: "patterns",
    sentence: "leaves a case out of a match",
    on: ["match_arm"],
    find: ({ source, node, ancestors }) => ((ancestors[0] && namedIn(ancestors[0]).length > 1) === true ? [removeLines(source, node.start, node.end)] : []),
  },
  "remove-field": {
    group: "compile",
    area: "types",
    sentence: "leaves a field out where a value is made",
    on: ["field_initializer_list"],
    find: ({ node }) => {
      const fields = namedIn(node);
      return present(fields.map((field, index) => (field.kind === "base_field_initializer" ? null : removeElement(fields, index))));
    },
  },
  "change-type": {
    group: "compile",
    area: "types",
    sentence: "writes another primitive type in a signature, a field or a binding",
    on: ["primitive_type"],
    find: (site) => {
      const other = OTHER_TYPE[nodeText(site.source, site.node)];
      return other && ancestorOf(site, "parameter", "field_declaration", "let_declaration", "const_item", "type_cast_expression", "function_item")
        ? [replaced(site.node, other)]
        : [];
    },
  },
  "change-lifetime": {
    group: "compile",
    area: "lifetimes",
    sentence: "takes a lifetime off a reference, or lets it be inferred",
    on: ["lifetime"],
    find: (site) => {
      const { node } = site;
      if (parentKind(site) === "reference_type") return [{ start: node.start, end: node.end + 1, text: "" }];
      return parentKind(site) === "type_arguments" ? [replaced(node, "'_")] : [];
    },
  },
  "remove-bound": {
    group: "compile",
    area: "generics",
    sentence: "asks less of a type parameter",
    on: ["trait_bounds"],
    find: ({ node }) => {
      const bounds = namedIn(node);
      return bounds.length > 1 ? present(bounds.map((_, index) => removeElement(bounds, index))) : [replaced(node, "")];
    },
  },
  "remove-where": {
    group: "compile",
    area: "generics",
    sentence: "takes a condition out of a where clause",
    on: ["where_clause"],
    find: ({ node }) => {
      const predicates = namedIn(node);
      return predicates.length > 1 ? present(predicates.map((_, index) => removeElement(predicates, index))) : [replaced(node, "")];
    },
  },
} satisfies OperatorGroup;

function valueOnly(source: string, node: SyntaxNode, value: SyntaxNode | null) {
  return value ? [replaced(node, nodeText(source, value))] : [];
}

/** `x.method()` becomes `x`. */
function withoutCall({ source, node }: Site, methods: ReadonlySet<string>) {
  const called = fieldOf(node, "function");
  const given = fieldOf(node, "arguments");
  if (!called || called.kind !== "field_expression" || !given || namedIn(given).length > 0) return [];
  const [value, method] = [fieldOf(called, "value"), fieldOf(called, "field")];
  return value && method && methods.has(nodeText(source, method)) ? valueOnly(source, node, value) : [];
}

/** A derived trait may be a path of several tokens. */
function derivedTraits(attribute: SyntaxNode) {
  const inner = childOf(attribute, "attribute");
  const list = inner && childOf(inner, "token_tree");
  const groups: SyntaxNode[] = [];
  let open = false;
  for (const token of list?.children.slice(1, -1) ?? []) {
    const last = groups.at(-1);
    if (token.kind === ",") open = false;
    else if (open && last) groups[groups.length - 1] = { ...last, end: token.end };
    else {
      groups.push(token);
      open = true;
    }
  }
  return present(groups.map((_, index) => removeElement(groups, index)));
}
