// What the suite says about each task of a run, worked out when it is first asked for.
import { repositoryOutline } from "../trial/prompt/outline.ts";
import { brokenTree, mayEdit, type Suite } from "../suite/suite.ts";
import type { Scene } from "./check.ts";

/** By task id; why not, where the suite or the task is not here. */
export function scenesOf(suite: Suite | string, mapTokens: number): (task: string) => Scene | string {
  if (typeof suite === "string") return () => suite;
  const tasks = new Map(suite.tasks.map((task) => [task.id, task]));
  const outlines = new Map<string, string>();
  const scenes = new Map<string, Scene>();
  return (id) => {
    const task = tasks.get(id);
    if (!task) return `the suite has no task ${id}`;
    const outline = outlines.get(task.base.digest) ?? repositoryOutline(task.base, suite.tasks, mapTokens);
    outlines.set(task.base.digest, outline);
    const scene = scenes.get(id) ?? { task, tree: brokenTree(task), outline, mayEdit: mayEdit(task) };
    scenes.set(id, scene);
    return scene;
  };
}
