// Which members of its options an action reads, itself or in the functions that it hands them to; told from the source.
import { dirname, join } from "node:path";
import ts from "typescript";

type ReadSource = (path: string) => string;

/** A function of a module, and which of its parameters is followed: the whole of it, or one member. */
export interface Followed {
  readonly path: string;
  readonly name: string;
  readonly parameter: number;
  readonly member?: string;
}

/** Where a command's `run` hands its options to: `async (options, word) => (await import("/src/x.ts")).act(word, options)`. Null where it hands them nowhere. */
export function actionOf(run: string): Followed | null {
  const file = ts.createSourceFile("run.ts", `(${run})`, ts.ScriptTarget.Latest, true);
  const [options] = parametersOf(file) ?? [];
  let found: Followed | null = null;
  visit(file, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const path = /import__?\("([^"]+)"\)|import\("([^"]+)"\)/.exec(node.expression.expression.getText());
    const parameter = node.arguments.findIndex((argument) => ts.isIdentifier(argument) && argument.text === options);
    if (path && parameter >= 0) found = { path: path[1] ?? path[2] ?? "", name: node.expression.name.text, parameter };
  });
  return found;
}

function parametersOf(file: ts.SourceFile): readonly string[] | null {
  let names: readonly string[] | null = null;
  visit(file, (node) => {
    if (names === null && ts.isArrowFunction(node)) names = node.parameters.map(({ name }) => name.getText());
  });
  return names;
}

/** The names read, by way of assignments, destructuring, spreads, members of other objects and calls of functions that are found by name. */
export function readsOf(followed: Followed, read: ReadSource, seen: Set<string> = new Set()): ReadonlySet<string> {
  const key = JSON.stringify(followed);
  const module = ts.createSourceFile(followed.path, read(followed.path), ts.ScriptTarget.Latest, true);
  const declared = functionNamed(module, followed.name);
  const parameter = declared?.parameters[followed.parameter];
  if (seen.has(key) || !declared?.body || !parameter) return new Set();
  seen.add(key);
  const options = new Options();
  options.bind(parameter.name, followed.member);
  visit(declared.body, (node) => {
    if (ts.isPropertyAccessExpression(node) && options.isOptions(node.expression)) options.names.add(node.name.text);
    if (ts.isVariableDeclaration(node)) for (const member of options.membersOf(node.initializer)) options.bind(node.name, member);
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
    const target = targetOf(module, node.expression.text);
    for (const [index, argument] of node.arguments.entries())
      for (const member of options.membersOf(argument))
        for (const name of readsOf({ ...target, parameter: index, ...(member === undefined ? {} : { member }) }, read, seen)) options.names.add(name);
  });
  return options.names;
}

/** What the options are called within one function, and which of their members are read. */
class Options {
  readonly names = new Set<string>();
  /** `options`, `session.request`. */
  private readonly aliases = new Set<string>();

  /** The name stands for the options, or for an object with the options in one of its members. */
  bind(name: ts.BindingName, member: string | undefined): void {
    if (ts.isIdentifier(name)) this.aliases.add(member === undefined ? name.text : `${name.text}.${member}`);
    if (!ts.isObjectBindingPattern(name)) return;
    for (const { dotDotDotToken: rest, name: own, propertyName } of name.elements) {
      const from = (propertyName ?? own).getText();
      if (rest) this.bind(own, member);
      else if (member === undefined) this.names.add(from);
      else if (from === member) this.bind(own, undefined);
    }
  }

  isOptions(node: ts.Node): boolean {
    if (ts.isConditionalExpression(node)) return this.isOptions(node.whenTrue) || this.isOptions(node.whenFalse);
    if (ts.isParenthesizedExpression(node)) return this.isOptions(node.expression);
    if (ts.isObjectLiteralExpression(node)) return node.properties.some((property) => ts.isSpreadAssignment(property) && this.isOptions(property.expression));
    return (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) && this.aliases.has(node.getText());
  }

  /** Where in a value the options are: undefined for the value itself, else the name of a member. */
  membersOf(node: ts.Node | undefined): readonly (string | undefined)[] {
    if (!node) return [];
    if (this.isOptions(node)) return [undefined];
    if (ts.isIdentifier(node)) return [...this.aliases].flatMap((alias) => (alias.startsWith(`${node.text}.`) ? [alias.slice(node.text.length + 1)] : []));
    if (!ts.isObjectLiteralExpression(node)) return [];
    return node.properties.flatMap((property) => {
      if (ts.isShorthandPropertyAssignment(property)) return this.isOptions(property.name) ? [property.name.text] : [];
      return ts.isPropertyAssignment(property) && this.isOptions(property.initializer) ? [property.name.getText()] : [];
    });
  }
}

function functionNamed(module: ts.SourceFile, name: string): ts.FunctionLikeDeclaration | null {
  let found: ts.FunctionLikeDeclaration | null = null;
  visit(module, (node) => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === name) found = node;
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== name || !node.initializer) return;
    if (ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer)) found = node.initializer;
  });
  return found;
}

/** The module that a called name comes from, and its name there. */
function targetOf(module: ts.SourceFile, called: string): Pick<Followed, "path" | "name"> {
  for (const statement of module.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    const found = bindings && ts.isNamedImports(bindings) ? bindings.elements.find(({ name }) => name.text === called) : undefined;
    if (found && statement.moduleSpecifier.text.startsWith("."))
      return { path: join(dirname(module.fileName), statement.moduleSpecifier.text), name: (found.propertyName ?? found.name).text };
  }
  return { path: module.fileName, name: called };
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}
