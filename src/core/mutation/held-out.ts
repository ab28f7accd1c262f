// Chooses a seeded share of a repository's own tests to hold out, module by module; of the others, the later half of what they assert.
import { createRandom } from "../base/random.ts";
import { assertingHelpers, firstHalf } from "../suite/making/assertions.ts";
import { holdOut } from "../suite/making/hold-out.ts";
import { isMovable, type SourceTest, testKey, testsIn } from "../suite/making/source-test.ts";
import type { MutableFile } from "./mutant.ts";

/** A third, rounded to whole tests; a module with one test keeps it visible. */
const SHARE = 1 / 3;

export interface SplitOptions {
  readonly seed: number;
  readonly isRoot: (path: string) => boolean;
  readonly isTaken: (path: string) => boolean;
  /** Tests that stay visible as they are: their keys, or the paths of their files. */
  readonly whole?: ReadonlySet<string>;
}

export interface Split {
  /** New content of files that lost tests. */
  readonly changed: ReadonlyMap<string, string>;
  /** The hidden files: new path → content, and the file that the tests come from. */
  readonly hidden: ReadonlyMap<string, { readonly source: string; readonly from: string }>;
  /** Keys of the tests that stay with the first half of their assertions, and are held out whole. */
  readonly halved: ReadonlySet<string>;
}

export function splitTests(files: readonly MutableFile[], { seed, isRoot, isTaken, whole: unhalved = new Set() }: SplitOptions): Split {
  const changed = new Map<string, string>();
  const hidden = new Map<string, { source: string; from: string }>();
  const allHalved = new Set<string>();
  for (const { path, source } of files) {
    const whole = new Set([...blocksOf(path, source)].flatMap(([modules, tests]) => chosen(source, tests, `${seed} ${path} ${modules}`)).map(testKey));
    const halved = halvedOf({ path, source }, whole, unhalved);
    if (whole.size + halved.length === 0) continue;
    const held = holdOut({
      path,
      source,
      whole,
      halved: new Map(halved.map((key) => [key, null])),
      isRoot: isRoot(path),
      isTaken: (other) => isTaken(other) || hidden.has(other),
    });
    if (!held) continue;
    changed.set(path, held.visible);
    for (const key of halved) allHalved.add(key);
    for (const file of held.hidden) hidden.set(file.path, { source: file.source, from: path });
  }
  return { changed, hidden, halved: allHalved };
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

/** Tests that stay, and assert enough to be halved: what they run is then run on both sides. */
function halvedOf({ path, source }: MutableFile, moved: ReadonlySet<string>, unhalved: ReadonlySet<string>): string[] {
  if (unhalved.has(path)) return [];
  const helpers = assertingHelpers(source);
  return testsIn(path, source).flatMap((test) => {
    const key = testKey(test);
    const isWhole = moved.has(key) || unhalved.has(key) || !isMovable(source, test);
    return isWhole || firstHalf(test.text, helpers, null) === null ? [] : [key];
  });
}
