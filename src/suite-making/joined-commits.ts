// Two commits in a row that are one change: a repair, and the tests for it before or after.
import type { ChangedFile, HistoryCommit } from "../ports/repository.ts";

/** The change of both together; null where they have nothing to do with each other. */
export function joinCommits(newer: HistoryCommit, older: HistoryCommit, message: string): HistoryCommit | null {
  if (newer.parents.length !== 1 || newer.parents[0] !== older.id || older.parents.length !== 1) return null;
  const [late, early] = [byPath(newer), byPath(older)];
  if (late === null || early === null || !sharePackage(late, early)) return null;
  const paths = [...new Set([...early.keys(), ...late.keys()])];
  const changed = paths.flatMap((path): ChangedFile[] => {
    const [first, last] = [early.get(path) ?? late.get(path), late.get(path) ?? early.get(path)];
    if (!first || !last || first.before === last.after) return [];
    return [{ path, before: first.before, after: last.after, isFile: first.isFile && last.isFile }];
  });
  return { id: newer.id, parents: older.parents, message, changed, changedCount: changed.length };
}

/** Null where a path can't be told, or not all of them were read. */
function byPath({ changed, changedCount }: HistoryCommit): ReadonlyMap<string, ChangedFile> | null {
  if (changedCount !== changed.length) return null;
  const files = new Map(changed.flatMap((file) => (file.path === null ? [] : [[file.path, file] as const])));
  return files.size === changed.length ? files : null;
}

/** A test that is added to one package says nothing of a change in another. */
function sharePackage(late: ReadonlyMap<string, ChangedFile>, early: ReadonlyMap<string, ChangedFile>): boolean {
  const packages = new Set([...early.keys()].flatMap(packageFolder));
  return [...late.keys()].flatMap(packageFolder).some((folder) => packages.has(folder));
}

const packageFolder = (path: string): string[] => (path.endsWith(".rs") ? [/^(.*?)(?:src|tests)\//.exec(path)?.[1] ?? ""] : []);
