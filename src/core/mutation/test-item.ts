// Finds test functions by syntax tree, with the module that each stands in.
import { type AttributedItem, attributedItems, attributePath, fieldOf, type SyntaxNode, type SyntaxTree, textIn, walk } from "./syntax.ts";

export interface TestItem {
  readonly name: string;
  readonly item: SyntaxNode;
  /** Offset at which its first attribute or doc comment begins. */
  readonly start: number;
  readonly ignored: boolean;
}

/** A module of a file, the file itself included, that has test functions of its own. */
export interface TestBlock {
  /** Names of the inline modules around it, outermost first; empty for the file. */
  readonly modules: readonly string[];
  /** The node whose children its items are. */
  readonly body: SyntaxNode;
  readonly tests: readonly TestItem[];
  /** Names that its items take. */
  readonly names: ReadonlySet<string>;
}

/** All blocks of a file that hold tests, in source order. */
export function testBlocks({ source, root }: SyntaxTree): TestBlock[] {
  const found: TestBlock[] = [];
  const look = (body: SyntaxNode, modules: readonly string[]): void => {
    const items = attributedItems(source, body);
    const tests = items.flatMap((item) => testOf(source, item) ?? []);
    const names = new Set(items.flatMap(({ item }) => nameOf(source, item) ?? []));
    if (tests.length > 0) found.push({ modules, body, tests, names });
    for (const { item } of items) {
      const inside = item.kind === "mod_item" ? fieldOf(item, "body") : null;
      const name = nameOf(source, item);
      if (inside && name !== null && modules.length < 32) look(inside, [...modules, name]);
    }
  };
  look(root, []);
  return found;
}

function nameOf(source: string, item: SyntaxNode): string | null {
  const name = fieldOf(item, "name");
  return name && textIn(source, name);
}

function testOf(source: string, { item, attributes, start }: AttributedItem): TestItem | null {
  const paths = attributes.map((attribute) => attributePath(source, attribute));
  const name = item.kind === "function_item" ? nameOf(source, item) : null;
  if (name === null || !paths.some((path) => path === "test" || path.endsWith("::test"))) return null;
  return { name, item, start, ignored: paths.includes("ignore") };
}

const PLACE_MACROS = new Set(["include", "include_str", "include_bytes", "module_path", "file", "line", "column"]);

/** Does what it says depend on the file that it stands in? */
export function isTiedToItsFile(source: string, item: SyntaxNode): boolean {
  let tied = false;
  walk(item, (node) => {
    const macro = node.kind === "macro_invocation" ? fieldOf(node, "macro") : null;
    const name = macro ? (textIn(source, macro).split("::").at(-1) ?? "") : "";
    tied ||= PLACE_MACROS.has(name) || name.endsWith("snapshot") || node.kind === "mod_item";
    // What a macro is given is a list of tokens: a macro called in there is a name and a `!`.
    if (node.kind === "token_tree")
      tied ||= node.children.some(
        (child, index) => child.kind === "identifier" && PLACE_MACROS.has(textIn(source, child)) && node.children[index + 1]?.kind === "!",
      );
    return !tied;
  });
  return tied;
}

/** Does the identity `<package>/<target>/<module path>::<name>` name this test of this block? */
export function isNamedBy(id: string, block: TestBlock, test: TestItem): boolean {
  const own = [...block.modules, test.name].join("::");
  const path = id.slice(id.lastIndexOf("/") + 1);
  return path === own || path.endsWith(`::${own}`);
}
