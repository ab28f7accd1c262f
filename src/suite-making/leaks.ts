// The leak check: for each task, everywhere in its workspace that the solution's added lines can be found.
import { addedLines, type Leak, type LeakCheck, leaksInTree, secretLines } from "../core/suite/leak.ts";
import type { Task } from "../core/suite/suite.ts";
import type { PreparedBase } from "../ports/workbench.ts";
import type { WorkspaceSearch } from "../ports/repository.ts";

/** Leaks of all tasks, in order of task and place. The workspace of a base is read once for all of its tasks. */
export async function findLeaks(
  tasks: readonly Task[],
  prepared: readonly PreparedBase[],
  search: WorkspaceSearch,
  signal: AbortSignal,
): Promise<readonly Leak[]> {
  const leaks = tasks.flatMap(leaksInTree);
  for (const base of prepared) {
    const own = tasks.filter((task) => task.base.digest === base.base.digest);
    const wanted = own.flatMap((task) => secretLines(task).map((line) => ({ task: task.id, line })));
    const lines = [...new Set(wanted.map(({ line }) => line))];
    for await (const { where, kind, found } of search.find(base, lines, signal)) {
      leaks.push(...wanted.filter(({ line }) => found.includes(line)).map(({ task, line }): Leak => ({ task, where, kind, line })));
    }
  }
  return leaks.toSorted((a, b) => (a.task + a.where < b.task + b.where ? -1 : 1));
}

/** What the check of each task of one base came to. */
export async function checkLeaks(
  tasks: readonly Task[],
  prepared: PreparedBase,
  search: WorkspaceSearch,
  signal: AbortSignal,
): Promise<(task: Task) => LeakCheck> {
  const leaks = await findLeaks(tasks, [prepared], search, signal);
  return (task) => ({ lines: addedLines(task).length, leaks: leaks.filter((leak) => leak.task === task.id) });
}
