// How many files of the built program a command starts with: node takes a moment for each, whatever is in it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./bakeoff.ts";

const DIST = join(ROOT, "dist");

/** A built file, and all that is loaded with it. */
async function loadedWith(name: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = await readFile(join(DIST, name), "utf8");
  for (const [, other = ""] of text.matchAll(/(?:^|[;\n])import(?:[^"';()]*from)?"\.\/([^"]+)"/g)) await loadedWith(other, seen);
  return seen;
}

it("the command line itself is in few files, since commands share their start with each other", async () => {
  const [, start = ""] = /import\("\.\/([^"]+)"\)/.exec(await readFile(join(DIST, "main.js"), "utf8")) ?? [];
  const files = [...(await loadedWith(start))];
  // 5 as it is built; 24 where each set of commands that share something has a file of its own.
  expect(files.length).toBeLessThanOrEqual(8);
  const text = (await Promise.all(files.map((name) => readFile(join(DIST, name), "utf8")))).join("");
  expect(text).toContain("Decides which coding model may be trusted");
});
