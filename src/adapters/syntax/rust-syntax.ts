// Parses Rust with tree-sitter's grammar, loaded on first use.
import { createRequire } from "node:module";
import type { Node as TreeSitterNode } from "@vscode/tree-sitter-wasm";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { ParseRust, SyntaxNode } from "../../core/rust/syntax.ts";

/** Throws `environment` if the grammar can't be loaded. */
export async function loadRustParser(): Promise<ParseRust> {
  try {
    const { Parser, Language } = (await import("@vscode/tree-sitter-wasm")).default;
    await Parser.init();
    const wasm = createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-rust.wasm");
    const parser = new Parser();
    parser.setLanguage(await Language.load(wasm));
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
    throw new BakeoffError("environment", `the Rust grammar can't be loaded (${messageOf(error)})`, "install bakeoff's dependencies anew: npm ci", {
      cause: error,
    });
  }
}

interface Open {
  readonly node: SyntaxNode;
  readonly children: SyntaxNode[];
}

/** Copies the tree out of the parser's memory with a cursor: deeply nested source must not overflow the stack. */
function plainTree(root: TreeSitterNode): SyntaxNode {
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
