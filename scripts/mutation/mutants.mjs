// Small changes to a source file, each of which some test should notice: found in its syntax tree, applied to its text.
import ts from "typescript";

/**
 * @typedef {"rule" | "reason" | "branch" | "value"} Kind
 * What is gone: an element of an array (a rule, a reason) or a statement; the name of a reason; a branch or a part of a
 * condition. Everything else that can be otherwise is a value.
 * @typedef {{ start: number, end: number, text: string, what: string, line: number, kind: Kind }} Mutant
 * Replaces the text from start to end; `what` says it in words.
 */

/**
 * Without `prose`, texts with a space in them are left alone: messages to people, which tests don't hold to the letter.
 * @param {string} path @param {string} source @param {{ prose: boolean, reasons?: ReadonlySet<string> }} options @returns {Mutant[]}
 */
export function mutantsOf(path, source, { prose, reasons = new Set() }) {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found = [];
  let kind = "value";
  const add = (node, text, what, end = node.getEnd()) => {
    const start = node.getStart(file);
    if (!prose && isProse(node)) return;
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    found.push({ start, end, text, what, line, kind: ts.isStringLiteral(node) && reasons.has(node.text) ? "reason" : kind });
  };
  const visit = (node) => {
    // Types, imports and keys decide nothing when the program runs.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    for (const mutator of MUTATORS) {
      kind = mutator.kind;
      mutator.mutate(node, add, file);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const OPERATORS = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
};

const METHODS = { some: "every", every: "some", find: "findLast", findLast: "find", filter: null, toSorted: null, slice: null, flatMap: "map" };

const MUTATORS = [
  {
    name: "condition",
    kind: "branch",
    mutate: (node, add) => {
      if (ts.isIfStatement(node)) {
        add(node.expression, "true", "condition always holds");
        add(node.expression, "false", "condition never holds");
      }
      if (ts.isConditionalExpression(node)) {
        add(node.condition, "true", "choice always takes its first branch");
        add(node.condition, "false", "choice always takes its second branch");
      }
      if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) add(node, node.operand.getText(), "negation removed");
    },
  },
  {
    name: "operator",
    kind: "value",
    mutate: (node, add) => {
      if (!ts.isBinaryExpression(node)) return;
      for (const other of OPERATORS[node.operatorToken.getText()] ?? []) add(node.operatorToken, other, `${node.operatorToken.getText()} becomes ${other}`);
    },
  },
  {
    name: "part of a condition",
    kind: "branch",
    mutate: (node, add) => {
      if (!ts.isBinaryExpression(node) || !["&&", "||"].includes(node.operatorToken.getText())) return;
      add(node, node.right.getText(), `left part removed: ${short(node.left)}`);
      add(node, node.left.getText(), `right part removed: ${short(node.right)}`);
    },
  },
  {
    name: "case",
    kind: "branch",
    mutate: (node, add) => {
      if (ts.isCaseClause(node)) add(node, "", `case removed: ${node.expression.getText()}`);
    },
  },
  {
    name: "literal",
    kind: "value",
    mutate: (node, add) => {
      if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, "false", "true becomes false");
      if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, "true", "false becomes true");
      if (ts.isNumericLiteral(node)) add(node, `${Number(node.text.replaceAll("_", "")) + 1}`, `${node.text} becomes one more`);
      if (ts.isStringLiteral(node) && !isKey(node)) add(node, node.text === "" ? '"mutated"' : '""', `text ${node.getText()} becomes another`);
      if (ts.isTemplateExpression(node)) add(node, '""', "text becomes empty");
      if (ts.isNoSubstitutionTemplateLiteral(node)) add(node, '""', "text becomes empty");
    },
  },
  {
    name: "method",
    kind: "value",
    mutate: (node, add) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      const { name, expression } = node.expression;
      const other = METHODS[name.text];
      if (other) add(name, other, `${name.text} becomes ${other}`);
      if (other === null) add(node, expression.getText(), `${name.text} removed`);
    },
  },
  {
    name: "statement",
    kind: "rule",
    mutate: (node, add) => {
      if (ts.isExpressionStatement(node)) add(node, ";", "statement removed");
    },
  },
  {
    name: "element",
    kind: "rule",
    mutate: (node, add, file) => {
      if (!ts.isArrayLiteralExpression(node)) return;
      for (const [index, element] of node.elements.entries()) {
        const after = node.elements[index + 1];
        add(element, "", `element removed: ${short(element)}`, after ? after.getStart(file) : element.getEnd());
      }
    },
  },
  {
    name: "member",
    kind: "rule",
    mutate: (node, add) => {
      // Two branches of a chain of rules are two members of an object: what is not there is never called.
      if (ts.isSpreadAssignment(node)) add(node, "", "spread removed");
    },
  },
];

const short = (node) => node.getText().replaceAll(/\s+/g, " ").slice(0, 60);

const isProse = (node) =>
  (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) && node.getText().includes(" ");

/** A key of an object, or what an element is picked by: renaming it is a type error, and no change of behaviour. */
const isKey = (node) => ts.isPropertyAssignment(node.parent) && node.parent.name === node;
