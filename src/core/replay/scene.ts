// What the suite says about each task of a run, worked out when it is first asked for.
import { repositoryOutline } from "../trial/prompt/outline.ts";
import type { PromptScene } from "../trial/prompt/facts.ts";
import { brokenTree, mayEdit, type Suite } from "../suite/suite.ts";

/** What the suite says about a trial's task. */
export interface Scene extends PromptScene {
  /** May a patch change this path? */
  readonly mayEdit: (path: string) => boolean;
}

/** By task id; why not, where the suite or the task is not here. */
export function scenesOf(suite: Suite | string, budget: PromptScene["budget"]): (task: string) => Scene | string {
  if (typeof suite === "string") return () => suite;
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  const outlines = new Map<string, string>();
  const scenes = new Map<string, Scene>();
  return (id) => {
    const task = tasks.get(id);
    if (!task) return `the suite has no task ${id}`;
    const outline = outlines.get(task.base.digest) ?? repositoryOutline(task.base, suite.tasks, budget.map_tokens);
    outlines.set(task.base.digest, outline);
    const scene = scenes.get(id) ?? { task, tree: brokenTree(task), outline, budget, mayEdit: mayEdit(task) };
    scenes.set(id, scene);
    return scene;
  };
}
