// Parses Rust with tree-sitter's grammar, loaded on first use.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as treeSitter from "@vscode/tree-sitter-wasm";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { ParseRust, SyntaxNode } from "../../core/rust/syntax.ts";

/** The folder beside the built program in which scripts/build.mjs lays the grammar; not defined where nothing was built. */
declare const TREE_SITTER_FOLDER: string | undefined;

const requireFile = createRequire(import.meta.url);

const treeSitterFile = (name: string): string =>
  typeof TREE_SITTER_FOLDER === "undefined"
    ? requireFile.resolve(`@vscode/tree-sitter-wasm/wasm/${name}`)
    : join(dirname(fileURLToPath(import.meta.url)), TREE_SITTER_FOLDER, name);

/** Throws `environment` if the grammar can't be loaded. */
export async function loadRustParser(): Promise<ParseRust> {
  try {
    const { Parser, Language } = requireFile(treeSitterFile("tree-sitter.js")) as typeof treeSitter;
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(treeSitterFile("tree-sitter-rust.wasm")));
    return (source) => {
      const tree = parser.parse(source);
      if (!tree) return { source, root: { kind: "ERROR", start: 0, end: source.length, named: true, field: null, children: [] } };
      try {
        return { source, root: plainTree(tree.rootNode) };
      } finally {
        tree.delete();
      }
    };
  } catch (error) {
    throw new BakeoffError("environment", `the Rust grammar can't be loaded (${messageOf(error)})`, "install bakeoff anew", {
      cause: error,
    });
  }
}

interface Open {
  readonly node: SyntaxNode;
  readonly children: SyntaxNode[];
}

/** Copies the tree out of the parser's memory with a cursor: deeply nested source must not overflow the stack. */
function plainTree(root: treeSitter.Node): SyntaxNode {
  const cursor = root.walk();
  const read = (): Open => {
    const children: SyntaxNode[] = [];
    const node = { kind: cursor.nodeType, start: cursor.startIndex, end: cursor.endIndex, named: cursor.nodeIsNamed, field: cursor.currentFieldName, children };
    return { node, children };
  };
  const top = read();
  const stack = [top];
  for (let down = true; ; ) {
    const parent = stack.at(-1);
    if (down && cursor.gotoFirstChild()) {
      const child = read();
      parent?.children.push(child.node);
      stack.push(child);
    } else if (stack.length > 1 && cursor.gotoNextSibling()) {
      stack.pop();
      const child = read();
      stack.at(-1)?.children.push(child.node);
      stack.push(child);
      down = true;
    } else if (stack.length > 1 && cursor.gotoParent()) {
      stack.pop();
      down = false;
    } else break;
  }
  cursor.delete();
  return top.node;
}
