// No branching over a kind that has a registry: what differs from kind to kind stands in the registry, where a new kind can't be forgotten.
import ts from "typescript";

/** Places that may branch nevertheless: `{ file, expression, why }`. One that no longer does is reported. */
const ALLOWED = [];

/**
 * Registries by the export whose keys (elements, if it is a list; members, if it is a type) are the kinds. `strict`: of so few kinds, or so much at stake, that not
 * even one comparison with a literal is allowed, since its other side is a default that a new kind falls into.
 */
export const REGISTRIES = [
  { kind: "event kind", file: "src/core/trial/event.ts", name: "EVENT_KINDS" },
  { kind: "sandbox tier", file: "src/core/trial/sandbox-tier.ts", name: "SANDBOX_TIERS", strict: true },
  { kind: "dialect", file: "src/core/policy/candidate/dialect.ts", name: "DIALECT_FACTS", strict: true },
  { kind: "report format", file: "src/core/report/formats/registry.ts", name: "REPORT_FORMATS" },
  { kind: "replay level", file: "src/core/replay/levels/level.ts", name: "LEVEL_NAMES" },
  { kind: "API", file: "src/core/policy/candidate/dialect.ts", name: "API_NAMES", strict: true },
  { kind: "mutation operator", file: "src/core/mutation/operators/operator.ts", name: "OperatorName", strict: true },
  { kind: "import shape", file: "src/core/suite/shapes/shapes.ts", name: "SHAPES", strict: true },
  { kind: "command", file: "src/cli/commands.ts", name: "COMMANDS", strict: true },
  { kind: "gate criterion", file: "src/core/gate/criteria/names.ts", name: "CRITERION_NAMES", strict: true },
];

/** What is wrong in the program's files under `src/`, as lines of text. */
export function kindIssues(program, registries, allowed = ALLOWED) {
  const checker = program.getTypeChecker();
  const known = registries.map((registry) => ({ ...registry, keys: keysOf(program, checker, registry) }));
  const missing = known.filter(({ keys }) => keys.size < 2).map(({ file, name }) => `${file} exports no registry ${name}: correct scripts/lint/kinds.mjs`);
  const sources = program.getSourceFiles().filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && /(^|\/)src\//.test(fileName));
  const found = sources.flatMap((source) => branchesIn(source, checker, known));
  const used = new Set();
  const issues = found.filter(({ file, expression }) => {
    const entry = allowed.find((one) => one.file === file && one.expression === expression);
    used.add(entry);
    return entry === undefined;
  });
  const stale = allowed.filter((entry) => !used.has(entry)).map(({ file, expression }) => `${file}: ${expression} is allowed to branch, and no longer does`);
  return [...missing, ...issues.map(({ file, line, text }) => `${file}:${line}: ${text}`), ...stale];
}

function keysOf(program, checker, { file, name }) {
  const source = program.getSourceFiles().find(({ fileName }) => fileName === file || fileName.endsWith(`/${file}`));
  const exporter = source && checker.getSymbolAtLocation(source);
  const symbol = exporter && checker.getExportsOfModule(exporter).find((one) => one.name === name);
  if (!symbol) return new Set();
  if ((symbol.flags & ts.SymbolFlags.TypeAlias) !== 0) return new Set(literalsOf(checker.getDeclaredTypeOfSymbol(symbol)));
  const type = checker.getTypeOfSymbol(symbol);
  if (checker.isTupleType(type)) return new Set(checker.getTypeArguments(type).flatMap(({ value }) => value ?? []));
  return new Set(type.getProperties().map((property) => property.name));
}

const EQUALITY = new Set([ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken, ts.SyntaxKind.EqualsEqualsToken]);

function branchesIn(source, checker, registries) {
  const found = [];
  /** Comparisons of one expression in one function. */
  const groups = new Map();
  const visit = (node, scope) => {
    if (ts.isBinaryExpression(node) && EQUALITY.has(node.operatorToken.kind)) note(node, scope);
    if (ts.isSwitchStatement(node)) found.push(...switchIssue(node));
    ts.forEachChild(node, (child) => visit(child, ts.isFunctionLike(node) ? node : scope));
  };
  const note = (node, scope) => {
    const [literal, expression] = ts.isStringLiteralLike(node.right) ? [node.right, node.left] : [node.left, node.right];
    if (!ts.isStringLiteralLike(literal)) return;
    const registry = registryOf(expression, literal.text);
    if (!registry) return;
    const key = `${scope?.pos ?? -1} ${registry.name} ${expression.getText()}`;
    groups.set(key, [...(groups.get(key) ?? []), { node, literal: literal.text, registry, expression: expression.getText() }]);
  };
  const registryOf = (expression, literal) => {
    const kinds = literalsOf(checker.getTypeAtLocation(expression));
    if (kinds.length === 0) return undefined;
    return registries.find(({ keys }) => keys.has(literal) && kinds.every((kind) => keys.has(kind)));
  };
  const at = (node) => ({ file: source.fileName.replace(/^.*\/(?=src\/)/, ""), line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
  const switchIssue = (node) => {
    const kinds = literalsOf(checker.getTypeAtLocation(node.expression));
    const registry = kinds.length > 1 && registries.find(({ keys }) => kinds.every((kind) => keys.has(kind)));
    if (!registry) return [];
    const cases = node.caseBlock.clauses.flatMap((clause) => (ts.isCaseClause(clause) ? [clause.expression.text] : []));
    const left = kinds.filter((kind) => !cases.includes(kind));
    const expression = node.expression.getText();
    return left.length === 0
      ? []
      : [{ ...at(node), expression, text: `a switch over ${expression} leaves ${left.length} ${registry.kind}s to a default: ${WAY_OUT}` }];
  };
  visit(source, null);
  for (const group of groups.values()) {
    const [{ node, registry, expression }] = group;
    const literals = new Set(group.map(({ literal }) => literal));
    const conditions = new Set(group.map((one) => conditionOf(one.node)).filter((owner) => owner !== null));
    if (registry.strict)
      found.push({ ...at(node), expression, text: `${expression} is compared with one ${registry.kind} (${[...literals].join(", ")}): ${WAY_OUT}` });
    else if (literals.size > 1 && conditions.size > 1)
      found.push({
        ...at(node),
        expression,
        text: `a chain over ${expression} (${[...literals].join(", ")}) leaves other ${registry.kind}s to a default: ${WAY_OUT}`,
      });
  }
  return found;
}

const WAY_OUT = "say in the registry what differs";

/** The `if`, loop or `?:` whose condition a comparison is a part of; null where it is only a value. */
function conditionOf(node) {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent) || ts.isPrefixUnaryExpression(parent)) return conditionOf(parent);
  if (ts.isBinaryExpression(parent) && [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken].includes(parent.operatorToken.kind))
    return conditionOf(parent);
  const isCondition =
    (ts.isConditionalExpression(parent) && parent.condition === node) ||
    ((ts.isIfStatement(parent) || ts.isWhileStatement(parent)) && parent.expression === node);
  return isCondition ? parent : null;
}

/** The strings that a union of literals is made of, null and undefined left out; empty for any other type. */
function literalsOf(type) {
  const parts = (type.isUnion() ? type.types : [type]).filter(({ flags }) => (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) === 0);
  return parts.every((part) => part.isStringLiteral()) ? parts.map(({ value }) => value) : [];
}
