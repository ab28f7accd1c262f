// Text files by their paths: what use cases count on, of the disk and of the fake that their tests have.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diskTexts } from "../../src/adapters/files/text-files.ts";
import type { TextFiles } from "../../src/ports/text-files.ts";
import { scratch } from "../setup/scratch.ts";
import { memoryTexts } from "../unit/app/fakes.ts";

const FILES: Readonly<Record<string, () => { readonly texts: TextFiles; readonly folder: () => Promise<string> }>> = {
  "the disk": () => ({ texts: diskTexts, folder: scratch }),
  "the fake": () => ({ texts: memoryTexts(), folder: async () => "folder" }),
};

describe.each(Object.entries(FILES))("text files of %s", (_, open) => {
  it("are read as they were written, in folders that are made for them", async () => {
    const { texts, folder } = open();
    const path = join(await folder(), "a", "b", "text.toml");
    expect(await texts.exists(path)).toBe(false);
    expect(await texts.read(path)).toBeNull();
    for (const text of ["one\r\n", "\uFEFFtwo", ""]) {
      await texts.write(path, text);
      expect(await texts.read(path)).toBe(text);
    }
    expect(await texts.exists(path)).toBe(true);
    expect(await texts.exists(join(path, "..", ".."))).toBe(true);
  });
});

it("are shown as seen from the working folder", () => {
  expect(diskTexts.shown(join(process.cwd(), "policy", "p.toml"))).toBe(join("policy", "p.toml"));
  expect(diskTexts.shown(".")).toBe(".");
  expect(diskTexts.shown(join(process.cwd(), "-x.jsonl"))).toBe("./-x.jsonl");
});

it("can't be read where a folder stands in their place", async () => expect(await diskTexts.read(await scratch())).toBeNull());
