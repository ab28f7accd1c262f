// The JSON Schemas of what `--json` prints, made from the types in src/cli/text/documents.ts: docs/schema/output/.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { JsonTypes } from "./json-types.mjs";

const TYPES = "src/cli/text/documents.ts";
const FOLDER = "docs/schema/output";

/** A file a command, and what lies there besides. */
export function outputSchemas(root) {
  // A copy without the compiler's settings holds no program.
  if (!existsSync(join(root, "tsconfig.json"))) return { files: [], issues: [] };
  const { program, source } = programOf(root);
  const checker = program.getTypeChecker();
  const registry = checker.getExportsOfModule(checker.getSymbolAtLocation(source)).find(({ name }) => name === "JsonDocuments");
  const documents = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(registry));
  const files = documents.map((document) => [`${FOLDER}/${fileOf(document.name)}`, schemaText(checker, source, document)]);
  const known = new Set(files.map(([path]) => path));
  const there = existsSync(join(root, FOLDER)) ? readdirSync(join(root, FOLDER), { recursive: true }) : [];
  const issues = there.map((name) => `${FOLDER}/${name}`).filter((path) => path.endsWith(".json") && !known.has(path));
  return { files, issues: issues.map((path) => `${path} is of no command that prints a document: remove it`) };
}

const fileOf = (command) => `${command.replaceAll(" ", "/")}.schema.json`;

function programOf(root) {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [TYPES], include: undefined }, ts.sys, root);
  const program = ts.createProgram([join(root, TYPES)], options);
  return { program, source: program.getSourceFile(join(root, TYPES)) };
}

function schemaText(checker, source, document) {
  const types = new JsonTypes(checker, source);
  const schema = types.schemaOf(checker.getTypeOfSymbol(document), document.name);
  const said = ts.displayPartsToString(document.getDocumentationComment(checker));
  const head = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `bakeoff ${document.name} --json`,
    ...(said === "" ? {} : { description: said }),
  };
  return `${JSON.stringify({ ...head, ...schema, $defs: types.definitions() }, null, 2)}\n`;
}
