// Which tasks may succeed and fail together: the family of a task, as a run's header tells it.
import type { TaskFacts } from "../line.ts";

/**
 * A task's family. Runs of before families were recorded tell which files a patch may change: tasks that edit the same files are taken
 * for one family, which makes no bound narrower than it may be. Where that is not recorded either, every task stands for itself.
 */
export function familyOf({ id, family, editable }: Pick<TaskFacts, "id" | "family" | "editable">): string {
  if (family !== undefined) return family;
  return editable === undefined || editable.length === 0 ? id : editable.toSorted().join(" ");
}

/** The family of each task of a run, by the task's id. */
export function familiesOf(...headers: readonly { readonly tasks: readonly TaskFacts[] }[]): (task: string) => string {
  const families = new Map(headers.flatMap(({ tasks }) => tasks.map((task) => [task.id, familyOf(task)] as const)));
  return (task) => families.get(task) ?? task;
}
