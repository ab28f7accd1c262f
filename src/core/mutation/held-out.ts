// Chooses a seeded share of a repository's own tests to hold out, module by module.
import { createRandom } from "../base/random.ts";
import { holdOut } from "../suite/making/hold-out.ts";
import { isMovable, type SourceTest, testKey, testsIn } from "../suite/making/source-test.ts";
import type { MutableFile } from "./mutant.ts";

/** A third, rounded to whole tests; a module with one test keeps it visible. */
const SHARE = 1 / 3;

export interface SplitOptions {
  readonly seed: number;
  readonly isRoot: (path: string) => boolean;
  readonly isTaken: (path: string) => boolean;
}

export interface Split {
  /** New content of files that lost tests. */
  readonly changed: ReadonlyMap<string, string>;
  /** The hidden files: new path → content, and the file that the tests come from. */
  readonly hidden: ReadonlyMap<string, { readonly source: string; readonly from: string }>;
}

export function splitTests(files: readonly MutableFile[], { seed, isRoot, isTaken }: SplitOptions): Split {
  const changed = new Map<string, string>();
  const hidden = new Map<string, { source: string; from: string }>();
  for (const { path, source } of files) {
    const whole = new Set([...blocksOf(path, source)].flatMap(([modules, tests]) => chosen(source, tests, `${seed} ${path} ${modules}`)).map(testKey));
    if (whole.size === 0) continue;
    const held = holdOut({ path, source, whole, halved: new Map(), isRoot: isRoot(path), isTaken: (other) => isTaken(other) || hidden.has(other) });
    if (!held) continue;
    changed.set(path, held.visible);
    for (const file of held.hidden) hidden.set(file.path, { source: file.source, from: path });
  }
  return { changed, hidden };
}

/** The tests of each module of a file that run by default. */
function blocksOf(path: string, source: string): ReadonlyMap<string, readonly SourceTest[]> {
  const blocks = new Map<string, SourceTest[]>();
  for (const test of testsIn(path, source)) {
    const modules = test.modules.join("::");
    blocks.set(modules, [...(blocks.get(modules) ?? []), test]);
  }
  return blocks;
}

function chosen(source: string, tests: readonly SourceTest[], seed: string): readonly SourceTest[] {
  if (tests.length < 2) return [];
  const movable = tests.filter((test) => isMovable(source, test));
  return createRandom(seed)
    .shuffle(movable)
    .slice(0, Math.max(1, Math.round(tests.length * SHARE)));
}
