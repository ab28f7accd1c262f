// Imports Harbor and Terminal-Bench task folders, whose solution is a list of files and diffs.
import { HARBOR_MARKS, harborRepair, type HarborTask, projectPath, readHarborTask } from "../../core/suite/shapes/harbor.ts";
import { type Tree, withChanges } from "../../core/text/edit.ts";
import type { DiffTool } from "../../ports/workbench.ts";
import { diffChanges, type Importer, type ImportedRepair, readFolders, refusedShape } from "./importer.ts";

export const harborImporter: Importer = (source) =>
  readFolders(source, HARBOR_MARKS, (name, tree) => {
    const read = readHarborTask(tree);
    return read.ok ? { name, make: () => madeOf(name, read.task, source.diffTool) } : read;
  });

async function madeOf(name: string, task: HarborTask, diffTool: DiffTool): Promise<ImportedRepair> {
  let solved: Tree = task.project;
  for (const step of task.steps) {
    if (step.kind === "diff") {
      const changes = await diffChanges(diffTool, solved, step.text);
      if (typeof changes === "string") return refusedShape(`its diff: ${changes}`);
      solved = withChanges(solved, changes);
      continue;
    }
    const path = projectPath(task, step.path);
    if (path === null) return refusedShape(`its solution writes ${step.path}, which is not in the project`);
    solved = new Map([...solved, [path, step.text]]);
  }
  return { ok: true, repair: harborRepair(name, task, solved), leftOut: [] };
}
