// What a promotion needs of reflex-gate-v1: enough families, and no function or change that counts twice.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadSuite } from "../../../src/adapters/suites/suite-files.ts";
import type { Suite, Task } from "../../../src/core/suite/suite.ts";

const FOLDER = join(import.meta.dirname, "../../../suites/reflex-gate-v1");
const FUNCTION = /^\s*(?:pub(?:\([a-z]+\))? )?(?:const )?(?:async )?(?:unsafe )?fn \w+/gm;

let suite: Suite;
beforeAll(async () => void (suite = await loadSuite(FOLDER)));

/** Where the function begins in which a task breaks something first. */
function brokenFunction(task: Task): string {
  const [edit] = task.breakEdits;
  const source = String(task.base.tree.get(edit?.path ?? ""));
  const at = source.indexOf(edit?.search ?? "");
  const start = [...source.slice(0, at + (edit?.search.search(/\S/) ?? 0)).matchAll(FUNCTION)].at(-1)?.index ?? 0;
  return `${task.base.name} ${edit?.path} ${start}`;
}

const countBy = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

describe("reflex-gate-v1", () => {
  it("has at least 240 tasks in at least 80 families over three bases", () => {
    expect(suite.tasks.length).toBeGreaterThanOrEqual(240);
    expect(new Set(suite.tasks.map(({ family }) => family)).size).toBeGreaterThanOrEqual(80);
    expect(new Set(suite.tasks.map(({ base }) => base.name))).toEqual(new Set(["tide", "courier", "lattice"]));
  });

  it("declares each task's family: the source file that it breaks", () => {
    const named = (path: string) => path.replace(/^crates\/(.*)\/src\/(.*)\.rs$/, "$1-$2").replaceAll("_", "-");
    const others = suite.tasks.filter(({ family, broken }) => [...broken.keys()].map(named).join() !== family).map(({ id }) => id);
    expect(others).toEqual([]);
  });

  it("has at most four tasks a function, and no change twice", () => {
    expect([...countBy(suite.tasks.map(brokenFunction))].filter(([, count]) => count > 4)).toEqual([]);
    const trees = suite.tasks.map(({ base, broken }) => JSON.stringify([base.name, [...broken]]));
    expect(new Set(trees).size).toBe(trees.length);
  });

  it("shows no model a held-out test", () => {
    const hidden = suite.tasks.flatMap(({ id, base, failToPass }) => [
      ...failToPass.filter((test) => test.includes("heldout::")).map((test) => `${id} ${test}`),
      ...base.hidden.filter((glob) => glob !== "crates/*/src/heldout/**").map((glob) => `${id} ${glob}`),
    ]);
    expect(hidden).toEqual([]);
  });

  it("was made by hand in at least a third", () =>
    expect(suite.tasks.filter(({ tags }) => !tags.includes("mutation")).length * 3).toBeGreaterThanOrEqual(suite.tasks.length));
});
