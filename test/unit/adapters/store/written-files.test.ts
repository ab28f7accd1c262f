// Where files come to be: behind links, in devices and pipes that nothing may replace, and never mixed with those of another writer.
import { execFileSync, spawn } from "node:child_process";
import { lstat, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { replaceFile } from "../../../../src/adapters/files/disk.ts";
import { NewFile } from "../../../../src/adapters/files/new-file.ts";
import { diskNewFiles } from "../../../../src/adapters/files/new-files.ts";
import { ownScratch } from "../../../setup/scratch.ts";

const scratch = ownScratch();

/** Both ways in which files are written whole. */
const WRITERS: readonly (readonly [name: string, write: (path: string, content: string) => Promise<void>])[] = [
  ["at once", async (path, content) => void (await replaceFile(path, content))],
  [
    "part by part",
    async (path, content) => {
      const file = new NewFile(path);
      file.text(content);
      file.commit();
    },
  ],
];

describe.each(WRITERS)("a file that is written %s", (_, write) => {
  it("appears behind a link, which stays one", async () => {
    const folder = await scratch();
    const [file, link] = [join(folder, "file"), join(folder, "link")];
    await writeFile(file, "old");
    await symlink(file, link);
    await write(link, "new");
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(file, "utf8")).toBe("new");
    expect((await readdir(folder)).toSorted()).toEqual(["file", "link"]);
  });

  it("goes into a pipe, which stays one", async () => {
    const pipe = join(await scratch(), "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "ignore"] });
    const [said] = await Promise.all([text(reader.stdout), write(pipe, "all of it")]);
    expect(said).toBe("all of it");
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });

  it("is an error of the disk where a device takes nothing", async () => {
    const link = join(await scratch(), "full");
    await symlink("/dev/full", link);
    await expect(write(link, "x".repeat(100_000))).rejects.toMatchObject({ code: "environment" });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });
});

it("are all of one writer, whoever else ends at the same time", async () => {
  const folder = await scratch();
  const names = ["a", "b", "c", "d"];
  const write = async (writer: number): Promise<void> => {
    const files = names.map((name) => new NewFile(join(folder, name)));
    for (const file of files) file.text(String(writer));
    await diskNewFiles.commitAll(files, folder);
  };
  await Promise.all([1, 2, 3, 4].map(write));
  const contents = new Set(await Promise.all(names.map((name) => readFile(join(folder, name), "utf8"))));
  expect(contents.size).toBe(1);
  expect((await readdir(folder)).toSorted()).toEqual(names);
});
