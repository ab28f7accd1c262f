// Files that are written part by part, and those of one folder that belong together: no two writers' are ever mixed there.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NewFiles, NewTextFile } from "../../ports/text-files.ts";
import { inTurn } from "../capsules/lock.ts";
import { makeFolder } from "./disk.ts";
import { NewFile } from "./new-file.ts";

export const diskNewFiles: NewFiles = {
  makeFolder,
  create: (path) => new NewFile(path),
  createPage,
  commitAll: commitTogether,
};

/** Its folder's folder is there. */
function createPage(path: string): NewTextFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = new NewFile(path);
  return { text: (text) => file.text(text), sync: () => undefined, commit: () => file.commitDerived(), discard: () => file.discard() };
}

/** What takes long comes first: the lock is held for renames only. */
async function commitTogether(files: Iterable<NewTextFile>, folder: string): Promise<void> {
  const all = [...files];
  for (const file of all) file.sync();
  await inTurn(join(folder, ".report"), () => {
    for (const file of all) file.commit();
  });
}
