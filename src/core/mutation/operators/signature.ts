// Operators on signatures: what a function, an impl or an item promises to its users.
import { ancestorOf, type OperatorGroup, present, replaced, type Site } from "../site.ts";
import { childOf, fieldOf, namedIn, removeElement, removeLines, type SyntaxNode, nodeText } from "../../rust/syntax.ts";

/** A longer function would be too much to write again. */
const MAX_REMOVED_LINES = 6;

const OTHER_RECEIVER: Readonly<Record<string, string>> = { "&mut self": "&self", "&self": "&mut self", self: "&self", "mut self": "self" };

export const signatureOperators = {
  "drop-parameter": {
    group: "compile",
    area: "api-misuse",
    sentence: "takes a parameter out of a function's signature",
    on: ["parameters"],
    find: ({ node }) => {
      const parameters = namedIn(node);
      return present(parameters.map((one, index) => (one.kind === "parameter" ? removeElement(parameters, index) : null)));
    },
  },
  "change-receiver": {
    group: "compile",
    area: "borrow-checker",
    sentence: "takes self in another way",
    on: ["self_parameter"],
    find: ({ source, node }) => {
      const other = OTHER_RECEIVER[nodeText(source, node)];
      return other === undefined ? [] : [replaced(node, other)];
    },
  },
  "change-return-type": {
    group: "compile",
    area: "types",
    sentence: "declares another return type: none, or what an Option or Result holds",
    on: ["function_item"],
    find: ({ source, node }) => {
      const type = fieldOf(node, "return_type");
      const parameters = fieldOf(node, "parameters");
      if (!type || !parameters) return [];
      return [{ start: parameters.end, end: type.end, text: "" }, ...present([opened(source, type)])];
    },
  },
  "change-owned-type": {
    group: "compile",
    area: "types",
    sentence: "borrows a text that a signature or a field owned",
    on: ["type_identifier"],
    find: (site) =>
      nodeText(site.source, site.node) === "String" && ancestorOf(site, "parameter", "field_declaration", "function_item")
        ? [replaced(site.node, "&'static str")]
        : [],
  },
  "rename-definition": {
    group: "compile",
    area: "api-misuse",
    sentence: "renames a function where it is defined and nowhere else",
    on: ["function_item"],
    find: ({ source, node }) => {
      const name = fieldOf(node, "name");
      return name && nodeText(source, name) !== "main" ? [replaced(name, `${nodeText(source, name)}_inner`)] : [];
    },
  },
  "rename-field": {
    group: "compile",
    area: "types",
    sentence: "renames a field where it is declared and nowhere else",
    on: ["field_declaration"],
    find: ({ source, node }) => {
      const name = fieldOf(node, "name");
      return name ? [replaced(name, `${nodeText(source, name)}_value`)] : [];
    },
  },
  "remove-variant": {
    group: "compile",
    area: "patterns",
    sentence: "takes a variant out of an enum",
    on: ["enum_variant"],
    find: ({ source, node }) => {
      const comma = source.startsWith(",", node.end) ? 1 : 0;
      return [removeLines(source, node.start, node.end + comma)];
    },
  },
  "remove-pub": {
    group: "compile",
    area: "modules",
    sentence: "hides an item that others use",
    on: ["visibility_modifier"],
    find: ({ node }) => [{ start: node.start, end: node.end + 1, text: "" }],
  },
  "remove-trait-item": {
    group: "compile",
    area: "traits",
    sentence: "leaves a short method out of a trait's implementation",
    on: ["function_item"],
    find: (site) => {
      const { source, node } = site;
      const implementation = ancestorOf(site, "impl_item", "function_item");
      const isShort = nodeText(source, node).split("\n").length <= MAX_REMOVED_LINES;
      return implementation?.kind === "impl_item" && fieldOf(implementation, "trait") && isShort ? [removeLines(source, node.start, node.end)] : [];
    },
  },
  "remove-type-argument": {
    group: "compile",
    area: "generics",
    sentence: "leaves an argument out of a type's list",
    on: ["type_arguments"],
    find: (site) => {
      const list = namedIn(site.node);
      return isDeclared(site) && list.length > 1 ? present(list.map((_, index) => removeElement(list, index))) : [];
    },
  },
} satisfies OperatorGroup;

const isDeclared = (site: Site): boolean => ancestorOf(site, "parameter", "field_declaration", "impl_item", "type_item") !== null;

/** `Option<T>` becomes `T`. */
function opened(source: string, type: SyntaxNode) {
  const list = type.kind === "generic_type" ? childOf(type, "type_arguments") : null;
  const first = list && namedIn(list)[0];
  return first && /^(Option|Result|Vec|Box)\b/.test(nodeText(source, type)) ? replaced(type, nodeText(source, first)) : null;
}
