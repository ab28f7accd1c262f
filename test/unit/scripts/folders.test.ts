import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const path = new URL("../../../scripts/lint/folders.mjs", import.meta.url).href;
const { folderIssues } = (await import(path)) as { readonly folderIssues: (folder: string, most?: number) => string[] };

it("a folder with too many files is told, wherever it lies, and how many there are", async () => {
  const root = await mkdtemp(join(tmpdir(), "bakeoff-folders-"));
  try {
    await mkdir(join(root, "a", "b"), { recursive: true });
    for (const name of ["one", "two", "b/one", "b/two", "b/three"]) await writeFile(join(root, "a", name), "");
    expect(folderIssues(root, 3)).toEqual([]);
    expect(folderIssues(root, 2)).toEqual([`${join(root, "a", "b")}: 3 files, and no folder holds more than 2: make a wing of those that belong together`]);
  } finally {
    await rm(root, { recursive: true });
  }
});

it("holds for the program itself", () => expect(folderIssues(new URL("../../../src", import.meta.url).pathname)).toEqual([]));
