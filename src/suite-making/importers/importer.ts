// What an importer is: it reads a source of one shape into foreign tasks, each of which is made into a repair when its turn comes.
import type { Drop, Repair } from "../../core/suite/making/repair.ts";
import type { WrittenTask } from "../../core/suite/schema.ts";
import { diffPaths } from "../../core/suite/shapes/swe-bench.ts";
import type { Changes, Tree } from "../../core/text/edit.ts";
import { READING_NOW } from "../../core/verdict/answer/reading.ts";
import type { History, SkippedFile } from "../../ports/repository.ts";
import type { ForeignTasks } from "../../ports/suites.ts";
import type { DiffTool } from "../../ports/workbench.ts";

/** A repair with the files that had to be left out of its tree, or why there is none. */
export type ImportedRepair =
  | { readonly ok: true; readonly repair: Repair; readonly leftOut: readonly SkippedFile[] }
  | { readonly ok: false; readonly drop: Drop };

/** One task of somebody else's. */
export interface ForeignTask {
  readonly name: string;
  make(): Promise<ImportedRepair>;
  /** Holds what was found against what the task declares. `aside`: tests that can't be judged here. */
  declared?(written: WrittenTask, aside: readonly string[]): Drop | null;
}

export interface ReadSource {
  readonly foreign: readonly ForeignTask[];
  /** Tasks that are not written in the shape. */
  readonly refused: readonly { readonly name: string; readonly detail: string }[];
}

export interface ImportSource {
  /** A file or folder. */
  readonly path: string;
  readonly foreign: ForeignTasks;
  readonly diffTool: DiffTool;
  /** The repository that the user named; null where the shape needs none. */
  readonly history: History | null;
  readonly signal: AbortSignal;
}

export type Importer = (source: ImportSource) => Promise<ReadSource>;

export const refusedShape = (detail: string): ImportedRepair => ({ ok: false, drop: { reason: "shape", detail } });

/** What a diff changes in a tree, or why it can't be applied. Only the files that it names are laid out for it. */
export async function diffChanges(diffTool: DiffTool, tree: Tree, diff: string): Promise<Changes | string> {
  if (diff.trim() === "") return new Map();
  const named = diffPaths(diff);
  if (!named.ok) return named.why;
  const files = new Map<string, string>();
  for (const path of named.paths) {
    const content = tree.get(path);
    if (content !== undefined && typeof content !== "string") return `${path} is no text`;
    if (content !== undefined) files.set(path, content);
  }
  const result = await diffTool.apply(files, diff, READING_NOW);
  return result.ok ? result.changes : result.detail;
}

/** Reads each folder that holds one of the marks by itself. */
export async function readFolders(
  { path, foreign }: ImportSource,
  marks: readonly string[],
  read: (name: string, tree: Tree) => ForeignTask | { readonly why: string },
): Promise<ReadSource> {
  const tasks: ForeignTask[] = [];
  const refused: { name: string; detail: string }[] = [];
  for (const { name, tree, why } of await foreign.folders(path, marks)) {
    const task = tree === null ? { why } : read(name, tree);
    if ("why" in task) refused.push({ name, detail: task.why });
    else tasks.push(task);
  }
  return { foreign: tasks, refused };
}
