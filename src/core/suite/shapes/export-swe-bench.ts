// Tasks as SWE-bench-style instances: one JSON object a line, and a git stream that makes the commits which they name.
import { matcher } from "../../base/glob.ts";
import { applyEdits, type Changes, type Tree } from "../../text/edit.ts";
import { commitId, fastImport } from "./git-stream.ts";
import { unifiedDiff } from "../../text/diff.ts";
import { brokenTree, type Suite, type Task } from "../suite.ts";

/** The tests of a task's base, as its binaries know them. */
export interface BaseTests {
  readonly visibleTests: readonly string[];
  readonly heldOutTests: readonly string[];
}

export interface ExportedTask {
  /** A line of JSON, its end included. */
  readonly line: string;
  readonly stream: Buffer;
}

export type TaskExport = { readonly ok: true; readonly task: ExportedTask } | { readonly ok: false; readonly why: string };

/** The commit holds the broken tree without the held-out tests; `test_patch` brings those, `patch` is the reference solution. */
export function exportTask(suite: Suite, task: Task, tests: BaseTests): TaskExport {
  const broken = brokenTree(task);
  const solved = applyEdits(broken, task.solution);
  if (!solved.ok) return { ok: false, why: solved.detail };
  const isHidden = matcher(task.base.hidden);
  const hidden = [...broken].filter(([path]) => isHidden(path));
  if (hidden.some(([, content]) => typeof content !== "string")) return { ok: false, why: "a hidden file is no text: a diff can't bring it" };
  const shown = new Map([...broken].filter(([path]) => !isHidden(path)));
  const message = `${suite.name} ${suite.version}: ${task.id}`;
  const instance = {
    instance_id: `${suite.name}__${task.id}`,
    repo: `bakeoff/${suite.name}`,
    base_commit: commitId(shown, message),
    patch: diffOf(shown, solved.changes),
    test_patch: diffOf(shown, new Map(hidden.map(([path, content]) => [path, String(content)]))),
    problem_statement: task.instruction.startsWith(task.title) ? task.instruction : `${task.title}\n\n${task.instruction}`,
    hints_text: "",
    created_at: "1970-01-01T00:00:00Z",
    version: suite.version,
    ...testLists(task, tests),
    environment_setup_commit: "",
  };
  return { ok: true, task: { line: `${JSON.stringify(instance)}\n`, stream: fastImport(task.id, shown, message) } };
}

const diffOf = (before: Tree, changes: Changes): string =>
  [...changes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, after]) => {
      const was = before.get(path);
      return unifiedDiff(path, typeof was === "string" ? was : null, after);
    })
    .join("");

/** As JSON texts, which is how the data sets have them. */
function testLists(task: Task, { visibleTests, heldOutTests }: BaseTests): { FAIL_TO_PASS: string; PASS_TO_PASS: string } {
  const failing = [...visibleTests.filter(matcher(task.failToPass)), ...heldOutTests.filter(matcher(task.heldOut))];
  const passing = [...visibleTests.filter(matcher(task.passToPass)), ...heldOutTests].filter((id) => !failing.includes(id));
  return { FAIL_TO_PASS: JSON.stringify(failing), PASS_TO_PASS: JSON.stringify(passing) };
}
