// The tree that verification judges: the break and a patch over the base, with the base's own test modules put back.
import { type Sha256 } from "../base/canonical.ts";
import { type Changes, withChanges } from "../text/edit.ts";
import { regraftedFile } from "../verdict/guard/regraft.ts";
import { type Task, treeDigest } from "./suite.ts";

type Ground = Pick<Task, "base" | "broken">;

/** Each file that the break or the patch changes, as it is laid; null for one that is removed. */
export function laidChanges({ base, broken }: Ground, changes: Changes): ReadonlyMap<string, string | null> {
  const all = [...new Map([...broken, ...changes])];
  return new Map(all.map(([path, content]) => [path, content === null ? null : regraftedFile(path, base.tree.get(path), content)]));
}

/** The hash that a verdict names its tree by. */
export const laidTreeHash = (task: Ground, changes: Changes): Sha256 => treeDigest(withChanges(task.base.tree, laidChanges(task, changes)));
