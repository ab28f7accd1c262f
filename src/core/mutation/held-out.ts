// Sets a seeded share of a repository's own tests aside as held-out ones: each becomes part of a hidden child of its module.
import { createRandom } from "../base/random.ts";
import type { MutableFile } from "./mutant.ts";
import { applyChanges, type Change, lineStart, type ParseRust, removeLines, type SyntaxTree, textIn, walk, type SyntaxNode } from "./syntax.ts";
import { isTiedToItsFile, type TestBlock, testBlocks, type TestItem } from "./test-item.ts";

/** A third, as near as whole tests come to it; a module with one test keeps it visible. */
const SHARE = 1 / 3;

export interface SplitOptions {
  readonly seed: number;
  readonly parse: ParseRust;
  /** Files that are a crate's root: their child modules lie beside them. */
  readonly roots: ReadonlySet<string>;
  /** Paths that are taken. */
  readonly taken: ReadonlySet<string>;
}

export interface Split {
  /** New content of files that lost tests. */
  readonly changed: ReadonlyMap<string, string>;
  /** The hidden files: new path → content, and the file that its tests come from. */
  readonly hidden: ReadonlyMap<string, { readonly source: string; readonly from: string }>;
  readonly visible: number;
  readonly heldOut: number;
}

/**
 * Moves tests, by syntax tree, into `mod heldout` at the end of their own module. A child module sees all that its parent
 * sees, private items, imports and macros included; only paths from `super` and `self` begin one step further up.
 */
export function splitTests(files: readonly MutableFile[], options: SplitOptions): Split {
  const changed = new Map<string, string>();
  const hidden = new Map<string, { source: string; from: string }>();
  let visible = 0;
  let heldOut = 0;
  for (const { path, source } of files) {
    const tree = options.parse(source);
    const blocks = testBlocks(tree);
    const changes: Change[] = [];
    for (const block of blocks) {
      const moved = tree.whole ? chosenTests(tree, block, createRandom(`${options.seed} ${path} ${block.modules.join("::")}`)) : [];
      visible += block.tests.filter((test) => !test.ignored && !moved.includes(test)).length;
      const home = moved.length > 0 ? homeOf(path, block, options, hidden) : null;
      if (!home) continue;
      heldOut += moved.length;
      hidden.set(home.path, { source: hiddenSource(source, moved), from: path });
      changes.push(...moved.map(({ start, item }) => removeLines(source, start, item.end)), declaration(source, block, home));
    }
    if (changes.length > 0) changed.set(path, applyChanges(source, changes));
  }
  return { changed, hidden, visible, heldOut };
}

function chosenTests({ source, root }: SyntaxTree, block: TestBlock, random: ReturnType<typeof createRandom>): readonly TestItem[] {
  const movable = block.tests.filter((test) => !test.ignored && !isTiedToItsFile(source, test.item) && isNamedOnce(source, root, test.name));
  const count = Math.min(movable.length, Math.max(1, Math.round(block.tests.length * SHARE)));
  if (block.tests.length < 2 || movable.length === 0) return [];
  const chosen = new Set(random.shuffle(movable).slice(0, count));
  return movable.filter((test) => chosen.has(test));
}

/** A test that something else calls stays where it is. */
function isNamedOnce(source: string, root: SyntaxNode, name: string): boolean {
  let count = 0;
  walk(root, (node) => {
    if (node.kind === "identifier" && textIn(source, node) === name) count += 1;
    return count < 2;
  });
  return count < 2;
}

interface Home {
  readonly path: string;
  readonly module: string;
  /** Written as `#[path = …]` where rustc would not look there by itself. */
  readonly attribute: string | null;
}

const MODULE = "heldout";

/** Where the hidden child of a block lies; null where no free place is found. */
function homeOf(path: string, block: TestBlock, { roots, taken }: SplitOptions, hidden: ReadonlyMap<string, unknown>): Home | null {
  const slash = path.lastIndexOf("/") + 1;
  const [folder, file] = [path.slice(0, slash), path.slice(slash)];
  const stem = file.replace(/\.rs$/, "");
  const isRoot = roots.has(path);
  for (let number = 1; number <= 9; number += 1) {
    const module = number === 1 ? MODULE : `${MODULE}_${number}`;
    // Beside a root, cargo may take a file for a target of its own: a folder further down it does not.
    const attribute = isRoot && block.modules.length === 0 ? `${module}/${stem}.rs` : null;
    const inside = isRoot || file === "mod.rs" ? folder : `${folder}${stem}/`;
    const place = attribute === null ? `${inside}${[...block.modules, module].join("/")}.rs` : `${folder}${attribute}`;
    if (!taken.has(place) && !hidden.has(place) && !block.names.has(module)) return { path: place, module, attribute };
  }
  return null;
}

function declaration(source: string, { modules, body }: TestBlock, { module, attribute }: Home): Change {
  const indent = "    ".repeat(modules.length);
  const path = attribute === null ? "" : `${indent}#[path = "${attribute}"]\n`;
  const text = `${indent}#[cfg(test)]\n${path}${indent}mod ${module};\n`;
  if (modules.length === 0) return { start: source.length, end: source.length, text: `${source.endsWith("\n") ? "" : "\n"}\n${text}` };
  const brace = body.end - 1;
  const line = lineStart(source, brace);
  const ownLine = source.slice(line, brace).trim() === "";
  return ownLine ? { start: line, end: line, text: `\n${text}` } : { start: brace, end: brace, text: `\n${text}` };
}

function hiddenSource(source: string, tests: readonly TestItem[]): string {
  const texts = tests.map(({ start, item }) => {
    const indent = source.slice(lineStart(source, start), start);
    const steps = stepsUp(source, item).map((change) => ({ ...change, start: change.start - start, end: change.end - start }));
    return (/^\s*$/.test(indent) ? indent : "") + applyChanges(source.slice(start, item.end), steps);
  });
  return `use super::*;\n\n${texts.join("\n\n")}\n`;
}

/** Paths that begin with `super` or `self`, inside of macros too, from one module further down. */
function stepsUp(source: string, item: SyntaxNode): Change[] {
  const changes: Change[] = [];
  walk(item, ({ kind, start, end }) => {
    const beginsPath =
      source
        .slice(end, end + 40)
        .trimStart()
        .startsWith("::") &&
      !source
        .slice(Math.max(0, start - 40), start)
        .trimEnd()
        .endsWith("::");
    if (kind === "super" && beginsPath) changes.push({ start, end: start, text: "super::" });
    if (kind === "self" && beginsPath) changes.push({ start, end, text: "super" });
    return true;
  });
  return changes;
}

/** The file without the tests that these identities name; null if it holds none of them. */
export function withoutTests(
  { source }: MutableFile,
  ids: readonly string[],
  parse: ParseRust,
  named: (id: string, block: TestBlock, test: TestItem) => boolean,
): string | null {
  const changes = testBlocks(parse(source)).flatMap((block) =>
    block.tests.filter((test) => ids.some((id) => named(id, block, test))).map(({ start, item }) => removeLines(source, start, item.end)),
  );
  return changes.length === 0 ? null : applyChanges(source, changes);
}
