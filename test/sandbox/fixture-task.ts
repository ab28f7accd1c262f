// Reads the fixture crates, and makes tasks of them in memory.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTree } from "../../src/adapters/files/tree-files.ts";
import { taskSchema } from "../../src/core/suite/schema.ts";
import { type Base, resolveTask, type Task, treeDigest } from "../../src/core/suite/suite.ts";
import type { Edit, Tree } from "../../src/core/text/edit.ts";

const fixtures = fileURLToPath(new URL("fixture", import.meta.url));

/** A fixture crate as a base; `files` are laid over it. */
export async function fixtureBase(name: string, files: Readonly<Record<string, string>> = {}): Promise<Base> {
  const { tree, issues } = await readTree(join(fixtures, name));
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  const whole: Tree = new Map([...tree, ...Object.entries(files)].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { name, tree: whole, digest: treeDigest(whole), hidden: ["src/heldout.rs"], protected: [] };
}

/** A task on a base: `breaks` make its broken tree; the reference solution undoes them. */
export function fixtureTask(base: Base, breaks: readonly Edit[], more: Readonly<Record<string, unknown>> = {}): Task {
  const written = taskSchema.parse({
    format: 1,
    id: "fixture",
    title: "A fixture",
    kind: "test",
    risk: "low",
    area: "logic",
    instruction: "Repair it.",
    editable: ["src/**"],
    fail_to_pass: ["**"],
    held_out: ["**"],
    break: breaks,
    ...more,
  });
  const { task, faults } = resolveTask(written, base, { compile_timeout_s: 60, test_timeout_s: 20 });
  if (task === null) throw new Error(JSON.stringify(faults));
  return task;
}
