// Folders of one test file's own, gone when its tests are; for files that don't share a process with others.
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

export async function scratch(): Promise<string> {
  // There this module outlives the file that loaded it first, and nobody would remove the others' folders.
  if (expect.getState().testPath?.includes("/test/unit/")) throw new Error("a unit test file has a folder by ownScratch()");
  const folder = await mkdtemp(join(tmpdir(), "bakeoff-test-"));
  folders.push(folder);
  return folder;
}

/** The same for a file that shares its process with others: called once, at its top. */
export function ownScratch(): () => Promise<string> {
  const own: string[] = [];
  afterAll(() => Promise.all(own.map((folder) => rm(folder, { recursive: true, force: true }))));
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "bakeoff-test-"));
    own.push(folder);
    return folder;
  };
}

/** A cache for the program in which only the prepared bases are shared with the other files of the run: each is built once. */
export async function sharedCache(): Promise<string> {
  const folder = await scratch();
  const bases = join(runCache(), "bases");
  await mkdir(bases, { recursive: true });
  await symlink(bases, join(folder, "bases"));
  return folder;
}

/** The cache of this run of the tests, where no test has one of its own. */
export function runCache(): string {
  const folder = process.env["BAKEOFF_TEST_CACHE"];
  if (folder === undefined) throw new Error("test/setup/run-folder.ts did not run before this file");
  return folder;
}
