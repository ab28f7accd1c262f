// Imports tasks that were made elsewhere: each is made into a repair, proved like any other, and held against what it declares.
import type { Drop, Repair } from "../core/suite/making/repair.ts";
import type { HarborTask } from "../core/suite/shapes/harbor.ts";
import { harborRepair, projectPath } from "../core/suite/shapes/harbor.ts";
import { declaredFault, diffPaths, type Instance, instanceRepair } from "../core/suite/shapes/swe-bench.ts";
import type { WrittenTask } from "../core/suite/schema.ts";
import { type Changes, type Tree, withChanges } from "../core/text/edit.ts";
import { type Judged, type JudgedTask, judgeRepair } from "./judge.ts";
import { type MineOptions, withLockFile } from "./mine.ts";
import type { DiffTool } from "../ports/workbench.ts";
import type { History, LeftOut } from "../ports/repository.ts";

/** A repair with the files that had to be left out of its tree, or why there is none. */
export type Made = { readonly ok: true; readonly repair: Repair; readonly leftOut: readonly LeftOut[] } | { readonly ok: false; readonly drop: Drop };

/** One task of somebody else's. */
export interface Foreign {
  readonly name: string;
  make(): Promise<Made>;
  /** Holds what was found against what the task declares. */
  declared?(written: WrittenTask): Drop | null;
}

export interface ImportOptions extends Omit<MineOptions, "history" | "since" | "max" | "maxTried" | "watch"> {
  readonly watch: (name: string, judged: Judged, done: number) => void;
}

export interface Imports {
  readonly tasks: readonly JudgedTask[];
  readonly dropped: readonly ({ readonly name: string } & Drop)[];
  readonly leftOut: readonly LeftOut[];
}

export async function importTasks(options: ImportOptions, foreign: readonly Foreign[]): Promise<Imports> {
  const tasks: JudgedTask[] = [];
  const dropped: ({ name: string } & Drop)[] = [];
  const leftOut = new Map<string, LeftOut>();
  for (const [index, item] of foreign.entries()) {
    options.signal.throwIfAborted();
    const made = await item.make();
    const judged = made.ok ? await judgeForeign(options, item, made.repair) : made;
    if (judged.ok) {
      tasks.push(judged.task);
      for (const file of made.ok ? made.leftOut : []) leftOut.set(file.path, file);
    } else dropped.push({ name: item.name, ...judged.drop });
    options.watch(item.name, judged, index + 1);
  }
  return { tasks, dropped, leftOut: [...leftOut.values()] };
}

async function judgeForeign(options: ImportOptions, item: Foreign, repair: Repair): Promise<Judged> {
  if (repair.before.size === 0) return { ok: false, drop: { reason: "no-source", detail: "" } };
  if (repair.tests.length === 0) return { ok: false, drop: { reason: "no-tests", detail: "" } };
  const locked = await withLockFile(options, repair.clean);
  if (!locked.ok) return locked;
  const judged = await judgeRepair(options, { ...repair, clean: locked.tree });
  const fault = judged.ok ? (item.declared?.(judged.task.written) ?? null) : null;
  return fault ? { ok: false, drop: fault } : judged;
}

const refused = (reason: Drop["reason"], detail: string): Made => ({ ok: false, drop: { reason, detail } });

/** An instance whose commit is in a local repository. */
export function foreignInstance(instance: Instance, history: History, diffTool: DiffTool, signal: AbortSignal): Foreign {
  return {
    name: instance.instance_id,
    declared: (written) => declaredFault(instance, written),
    make: async () => {
      const commit = await history.resolve(instance.base_commit, signal);
      if (commit === null) return refused("declared", `the repository has no commit ${instance.base_commit}`);
      const read = await history.tree(commit, signal);
      if (!read.ok) return refused("too-large", read.why);
      const tests = await applied(diffTool, read.tree, instance.test_patch);
      if (typeof tests === "string") return refused("shape", `test_patch: ${tests}`);
      const repair = await applied(diffTool, withChanges(read.tree, tests), instance.patch);
      if (typeof repair === "string") return refused("shape", `patch: ${repair}`);
      return { ok: true, repair: instanceRepair(instance, read.tree, tests, repair), leftOut: read.leftOut };
    },
  };
}

/** What a diff changes in a tree, or why it can't be applied. Only the files that it names are laid out for it. */
async function applied(diffTool: DiffTool, tree: Tree, diff: string): Promise<Changes | string> {
  if (diff.trim() === "") return new Map();
  const named = diffPaths(diff);
  if (!named.ok) return named.why;
  const files = new Map<string, string>();
  for (const path of named.paths) {
    const content = tree.get(path);
    if (content !== undefined && typeof content !== "string") return `${path} is no text`;
    if (content !== undefined) files.set(path, content);
  }
  const result = await diffTool.apply(files, diff);
  return result.ok ? result.changes : result.detail;
}

/** A task folder whose solution is a list of files and diffs. */
export function foreignFolder(name: string, task: HarborTask, diffTool: DiffTool): Foreign {
  return {
    name,
    make: async () => {
      let solved: Tree = task.project;
      for (const step of task.steps) {
        if (step.kind === "diff") {
          const changes = await applied(diffTool, solved, step.text);
          if (typeof changes === "string") return refused("shape", `its diff: ${changes}`);
          solved = withChanges(solved, changes);
          continue;
        }
        const path = projectPath(task, step.path);
        if (path === null) return refused("shape", `its solution writes ${step.path}, which is not in the project`);
        solved = new Map([...solved, [path, step.text]]);
      }
      return { ok: true, repair: harborRepair(name, task, solved), leftOut: [] };
    },
  };
}
