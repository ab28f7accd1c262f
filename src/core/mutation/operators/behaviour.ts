// Operators on behaviour: the program still compiles and does something else.
import { type OperatorGroup, parentKind, replaced } from "../site.ts";
import { childOf, fieldOf, namedIn, removeLines, type SyntaxNode, nodeText, walk } from "../../rust/syntax.ts";

const OPPOSITE: Readonly<Record<string, string>> = { "==": "!=", "!=": "==", "<": ">", ">": "<", "<=": ">=", ">=": "<=" };
const SHIFTED: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const OTHER: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "/",
  "&&": "||",
  "||": "&&",
  "&": "|",
  "|": "&",
  "^": "|",
  "<<": ">>",
  ">>": "<<",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
  "^=": "|=",
  "<<=": ">>=",
  ">>=": "<<=",
};

export const behaviourOperators = {
  comparison: {
    group: "behaviour",
    area: "logic",
    sentence: "turns a comparison round",
    on: ["binary_expression"],
    find: ({ source, node }) => operatorAs(source, node, OPPOSITE),
  },
  boundary: {
    group: "behaviour",
    area: "boundary",
    sentence: "moves a comparison's or a range's boundary by one",
    on: ["binary_expression", "range_expression", "range_pattern"],
    find: ({ source, node }) => {
      if (node.kind === "binary_expression") return operatorAs(source, node, SHIFTED);
      const dots = childOf(node, "..", "..=");
      return dots && node.children.at(-1) !== dots ? [replaced(dots, dots.kind === ".." ? "..=" : "..")] : [];
    },
  },
  operator: {
    group: "behaviour",
    area: "logic",
    sentence: "calculates with another operator",
    on: ["binary_expression", "compound_assignment_expr"],
    find: ({ source, node }) => operatorAs(source, node, OTHER),
  },
  "remove-negation": {
    group: "behaviour",
    area: "logic",
    sentence: "leaves a `!` or a minus out",
    on: ["unary_expression"],
    find: ({ source, node }) => {
      const value = namedIn(node)[0];
      return value && /^[!-]/.test(nodeText(source, node)) ? [replaced(node, nodeText(source, value))] : [];
    },
  },
  constant: {
    group: "behaviour",
    area: "logic",
    sentence: "writes a number that is one too large or too small, or the other truth value",
    on: ["integer_literal", "boolean_literal"],
    find: (site) => (parentKind(site) === "field_expression" ? [] : otherConstants(nodeText(site.source, site.node)).map((text) => replaced(site.node, text))),
  },
  "drop-early-return": {
    group: "behaviour",
    area: "missing-branch",
    sentence: "leaves out a branch that returns, breaks or continues",
    on: ["expression_statement"],
    find: ({ source, node }) => {
      const branch = loneBranch(node);
      return branch && leaves(branch) ? [removeLines(source, node.start, node.end)] : [];
    },
  },
  "drop-branch": {
    group: "behaviour",
    area: "missing-branch",
    sentence: "leaves out a branch that does something and goes on",
    on: ["expression_statement"],
    find: ({ source, node }) => {
      const branch = loneBranch(node);
      return branch && !leaves(branch) ? [removeLines(source, node.start, node.end)] : [];
    },
  },
  "drop-statement": {
    group: "behaviour",
    area: "missing-branch",
    sentence: "leaves out a call or an assignment",
    on: ["expression_statement"],
    find: ({ source, node }) => {
      const inner = namedIn(node)[0];
      const isAct = inner && /^(call_expression|assignment_expression|compound_assignment_expr|try_expression|await_expression)$/.test(inner.kind);
      return isAct ? [removeLines(source, node.start, node.end)] : [];
    },
  },
  "loop-exit": {
    group: "behaviour",
    area: "logic",
    sentence: "ends a loop where it should go on, or the other way round",
    on: ["continue_expression", "break_expression"],
    find: ({ source, node }) => {
      const text = nodeText(source, node);
      if (text.startsWith("continue")) return [replaced(node, text.replace("continue", "break"))];
      return namedIn(node).every(({ kind }) => kind === "label") ? [replaced(node, text.replace("break", "continue"))] : [];
    },
  },
  "swap-branches": {
    group: "behaviour",
    area: "logic",
    sentence: "does in one branch what belongs in the other",
    on: ["if_expression"],
    find: (site) => {
      const { source, node } = site;
      const [yes, no] = [fieldOf(node, "consequence"), fieldOf(node, "alternative")];
      const other = no && childOf(no, "block");
      if (!yes || !other || nodeText(source, yes) === nodeText(source, other)) return [];
      return [{ start: yes.start, end: other.end, text: nodeText(source, other) + source.slice(yes.end, other.start) + nodeText(source, yes) }];
    },
  },
} satisfies OperatorGroup;

function operatorAs(source: string, node: SyntaxNode, table: Readonly<Record<string, string>>) {
  const operator = fieldOf(node, "operator");
  const other = operator && table[nodeText(source, operator)];
  return operator && other ? [replaced(operator, other)] : [];
}

const LITERAL = /^(?<radix>0[xob])?(?<digits>[0-9a-f_]+?)_?(?<suffix>[iu](?:8|16|32|64|128|size))?$/i;
const RADIX: Readonly<Record<string, number>> = { "0x": 16, "0o": 8, "0b": 2 };

/** Base and suffix of a number are kept. */
function otherConstants(text: string): string[] {
  if (text === "true" || text === "false") return [text === "true" ? "false" : "true"];
  const { radix = "", digits = "", suffix = "" } = LITERAL.exec(text)?.groups ?? {};
  const value = wholeNumber(radix + digits.replaceAll("_", ""));
  if (value === null) return [];
  const others = value > 0n ? [value + 1n, value - 1n] : [value + 1n];
  return others.map((other) => radix + other.toString(RADIX[radix.toLowerCase()] ?? 10) + suffix);
}

/** Null if it is not an integer. */
function wholeNumber(text: string): bigint | null {
  return /^(\d+|0x[0-9a-f]+|0o[0-7]+|0b[01]+)$/i.test(text) ? BigInt(text) : null;
}

/** An `if` without `else` that is a whole statement. */
function loneBranch(statement: SyntaxNode): SyntaxNode | null {
  const branch = childOf(statement, "if_expression");
  return branch && !fieldOf(branch, "alternative") ? branch : null;
}

/** Does it end by leaving the function or the loop? */
function leaves(branch: SyntaxNode): boolean {
  let found = false;
  const consequence = fieldOf(branch, "consequence");
  if (consequence)
    walk(consequence, ({ kind }) => {
      found ||= kind === "return_expression" || kind === "break_expression" || kind === "continue_expression";
      return !found && kind !== "closure_expression";
    });
  return found;
}
