// Exported names are unique across src/: a name that is exported in two files means two things, or one thing twice.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** What a program imports is called as the command that does the same; its types stand apart from what implements them. */
const PUBLISHED = /^src\/library\//;

const root = process.argv[2] ?? "src";
const places = new Map();
for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
  if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || entry.name.endsWith(".d.ts")) continue;
  const path = join(entry.parentPath, entry.name);
  if (PUBLISHED.test(path)) continue;
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  for (const name of new Set(source.statements.flatMap(exportedNames))) places.set(name, [...(places.get(name) ?? []), relative(".", path)]);
}

const twice = [...places].filter(([, paths]) => paths.length > 1).toSorted(([a], [b]) => (a < b ? -1 : 1));
for (const [name, paths] of twice) process.stdout.write(`${name} is exported by ${paths.toSorted().join(", ")}: give each its own name\n`);
// With nothing found, nothing was looked at.
if (places.size === 0) process.stdout.write(`${root} exports nothing\n`);
process.exitCode = twice.length === 0 && places.size > 0 ? 0 : 1;

/** Names that a statement exports: declarations, and `export { … }` with or without a source. */
function exportedNames(statement) {
  if (ts.isExportDeclaration(statement)) return (statement.exportClause?.elements ?? []).map(({ name }) => name.text);
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
  return statement.name ? [statement.name.text] : [];
}

/** Names that a pattern binds: `const { a, b: [c] }`. */
function bound(name) {
  return ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bound(element.name)));
}
