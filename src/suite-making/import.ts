// Imports tasks that were made elsewhere: each is made into a repair, proved like any other, and held against what it declares.
import type { Drop, Repair } from "../core/suite/making/repair.ts";
import type { SkippedFile } from "../ports/repository.ts";
import type { ForeignTask } from "./importers/importer.ts";
import { type JudgedRepair, type JudgedTask, judgeRepair } from "./judge.ts";
import { lockedTree, withPackages } from "./locked-tree.ts";
import type { MineOptions } from "./mine.ts";

export interface ImportOptions extends Omit<MineOptions, "history" | "since" | "max" | "maxTried" | "watch"> {
  readonly judged: (name: string, judged: JudgedRepair, done: number) => void;
}

export interface ImportResult {
  readonly tasks: readonly JudgedTask[];
  readonly dropped: readonly ({ readonly name: string } & Drop)[];
  readonly leftOut: readonly SkippedFile[];
}

export async function importTasks(options: ImportOptions, foreign: readonly ForeignTask[]): Promise<ImportResult> {
  const tasks: JudgedTask[] = [];
  const dropped: ({ name: string } & Drop)[] = [];
  const leftOut = new Map<string, SkippedFile>();
  for (const [index, item] of foreign.entries()) {
    options.signal.throwIfAborted();
    const made = await item.make();
    const judged = made.ok ? await judgeForeign(options, item, made.repair) : made;
    if (judged.ok) {
      tasks.push(judged.task);
      for (const file of made.ok ? made.leftOut : []) leftOut.set(file.path, file);
    } else dropped.push({ name: item.name, ...judged.drop });
    options.judged(item.name, judged, index + 1);
  }
  return { tasks, dropped, leftOut: [...leftOut.values()] };
}

async function judgeForeign(options: ImportOptions, item: ForeignTask, repair: Repair): Promise<JudgedRepair> {
  if (repair.before.size === 0) return { ok: false, drop: { reason: "no-source", detail: "" } };
  if (repair.tests.length === 0) return { ok: false, drop: { reason: "no-tests", detail: "" } };
  const locked = await lockedTree(options, repair.clean);
  if (!locked.ok) return locked;
  const part = withPackages({ ...repair, clean: locked.tree }, locked.workspace, options.members);
  if (!part.ok) return part;
  const judged = await judgeRepair(options, part.repair);
  const fault = judged.ok ? (item.declared?.(judged.task.written, judged.task.draft.repair.aside ?? []) ?? null) : null;
  return fault ? { ok: false, drop: fault } : judged;
}
