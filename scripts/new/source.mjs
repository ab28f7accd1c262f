// Edits TypeScript sources where their syntax tree says: an import after the last one, an entry into a named object or list.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A source under `root` that is changed in memory; `text` is what to write. Throws for a place that is not there any more. */
export class Source {
  constructor(root, path) {
    this.path = path;
    if (!existsSync(join(root, path))) throw new Error(`${path} does not exist any more: adapt scripts/new/`);
    this.text = readFileSync(join(root, path), "utf8");
  }

  /** Adds an import line after the last import. */
  import(line) {
    const last = this.#tree()
      .statements.filter((statement) => ts.isImportDeclaration(statement))
      .at(-1);
    return this.#insert(last ? last.getEnd() : this.text.indexOf("\n"), `\n${line}`);
  }

  /** Imports a name from a module, in an import of it that is there if one is. */
  needs(name, module) {
    const imports = this.#tree().statements.filter((statement) => ts.isImportDeclaration(statement));
    const present = imports.find(({ moduleSpecifier, importClause }) => moduleSpecifier.text === module && importClause?.namedBindings?.elements);
    if (!present) return this.import(`import { ${name} } from "${module}";`);
    const { elements } = present.importClause.namedBindings;
    return elements.some((element) => element.name.text === name) ? this : this.#insert(elements.at(-1).getEnd(), `, ${name}`);
  }

  /** Adds an entry to the object or list that `name` is bound to: at its end, or before the entry of the key `before`. */
  entry(name, text, { before } = {}) {
    const literal = this.#literal(name);
    const members = ts.isArrayLiteralExpression(literal) ? literal.elements : literal.properties;
    const next = before === undefined ? undefined : members.find((member) => member.name?.text === before);
    if (next) return this.#insert(next.getStart(), `${text}, `);
    const separator = members.length === 0 || members.hasTrailingComma ? "" : ",";
    return this.#insert(literal.getEnd() - 1, `${separator} ${text},`);
  }

  /** Keys of the object, or texts of the list, that `name` is bound to. */
  keys(name) {
    const literal = this.#literal(name);
    if (ts.isArrayLiteralExpression(literal)) return literal.elements.flatMap((element) => (ts.isStringLiteral(element) ? element.text : []));
    return literal.properties.flatMap((property) => property.name?.text ?? []);
  }

  has(name) {
    return this.#find(name) !== null;
  }

  #tree() {
    return ts.createSourceFile(this.path, this.text, ts.ScriptTarget.Latest, true);
  }

  #literal(name) {
    const found = this.#find(name);
    if (!found) throw new Error(`${this.path} has no object or list ${name} any more: adapt scripts/new/`);
    return found;
  }

  #find(name) {
    let found = null;
    const visit = (node) => {
      if (ts.isVariableDeclaration(node) && node.name.getText() === name && node.initializer) found ??= literalIn(node.initializer);
      if (!found) ts.forEachChild(node, visit);
    };
    visit(this.#tree());
    return found;
  }

  #insert(at, text) {
    this.text = `${this.text.slice(0, at)}${text}${this.text.slice(at)}`;
    return this;
  }
}

/** The object or list within `… as const satisfies …` and parentheses. */
function literalIn(node) {
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return node;
  const inner = ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node) ? node.expression : null;
  return inner && literalIn(inner);
}

/** `drop-unwrap` as `dropUnwrap`. */
export const camel = (name) => name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** `drop-unwrap` as `DropUnwrap`. */
export const pascal = (name) => `${name[0].toUpperCase()}${camel(name).slice(1)}`;

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What is wrong with a kebab-case name that must be new to `keys`; null where nothing is. */
export function nameFault(name, keys) {
  if (!KEBAB.test(name)) return `${name} is not a name in kebab-case, such as drop-unwrap`;
  return keys.includes(name) ? `${name} exists already: choose another name` : null;
}
