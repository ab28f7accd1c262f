// A folder that nobody can take in at a glance is two: no folder holds more files than this, flat.
import { readdirSync } from "node:fs";
import { join } from "node:path";

export const MOST_FILES = 25;

/** Folders below `folder`, itself among them, with more files than `most`, as lines of text. */
export function folderIssues(folder, most = MOST_FILES) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).length;
  const own = files > most ? [`${folder}: ${files} files, and no folder holds more than ${most}: make a wing of those that belong together`] : [];
  return [...own, ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => folderIssues(join(folder, name), most))];
}
