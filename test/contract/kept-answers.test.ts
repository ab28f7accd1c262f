// Kept answers: what a run counts on, of the folder on disk and of the fake that its tests have; and what else may lie in the folder.
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openKeptAnswers } from "../../src/adapters/files/kept-answers.ts";
import { scratch } from "../setup/scratch.ts";
import { memoryAnswers } from "../unit/app/run/session-world.ts";

const KEY = "ab".repeat(32);

describe.each([
  ["the disk", async () => openKeptAnswers(join(await scratch(), "answers"))],
  ["the fake", async () => memoryAnswers()],
] as const)("answers kept by %s", (_, open) => {
  it("are found as they were kept last, under their key alone", async () => {
    const answers = await open();
    expect(await answers.find(KEY)).toBeNull();
    for (const entry of [{ text: "é\u{1F980}" }, { text: "later" }]) {
      await answers.keep(KEY, entry);
      expect(await answers.find(KEY)).toEqual(entry);
    }
    expect(await answers.find("cd".repeat(32))).toBeNull();
  });
});

describe("a folder of answers", () => {
  it("is made, and read by its owner alone", async () => {
    const folder = join(await scratch(), "a", "b");
    const answers = await openKeptAnswers(folder);
    await answers.keep(KEY, { text: "x" });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, "ab"))).toEqual([`${KEY}.json`]);
  });

  it("that can't be one is refused with the way out", async () => {
    const file = join(await scratch(), "file");
    await writeFile(file, "");
    await expect(openKeptAnswers(join(file, "answers"))).rejects.toMatchObject({ code: "environment" });
  });

  it.each<[string, (path: string) => unknown]>([
    ["half a file", (path) => writeFile(path, '{"format":1,"key":')],
    ["a folder", (path) => mkdir(path)],
    ["a link to somewhere else", (path) => symlink("/dev/zero", path)],
    ["a pipe that nobody writes to", (path) => execFileSync("mkfifo", [path])],
  ])("holds %s in an answer's place: that is said, and nothing waits for it", async (_, make) => {
    const folder = await scratch();
    const answers = await openKeptAnswers(folder);
    await mkdir(join(folder, "ab"), { recursive: true });
    await make(join(folder, "ab", `${KEY}.json`));
    await expect(answers.find(KEY)).rejects.toMatchObject({ code: "integrity" });
    await chmod(folder, 0o700);
  });
});
