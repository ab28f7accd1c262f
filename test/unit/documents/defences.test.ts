// Tests of the page about defences: every switch is in it, with what the search found, and still cuts something out.
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { CUTS } from "../../sandbox/search/cuts.ts";
import { readFound } from "../../sandbox/search/found.ts";
import { nameOf, SWITCHES } from "../../sandbox/search/switches.ts";
import { defencesPage } from "../../sandbox/search/table.ts";

const ROOT = new URL("../../../", import.meta.url);

it("what the search found is kept for every switch, within 200 attempts, and for no other", async () => {
  const found = await readFound();
  expect(Object.keys(found).toSorted()).toEqual(SWITCHES.map(nameOf).toSorted());
  expect(Object.values(found).filter(({ attempt }) => attempt > 200)).toEqual([]);
  expect(new Set(SWITCHES.flatMap(({ off }) => off))).toEqual(new Set(Object.keys(CUTS)));
});

// A commit's run draws one switch: without this, a defence that moved lost its switch until somebody ran them all.
it.each(Object.entries(CUTS))("what is cut out for %s stands once in its source", async (_, { cuts }) => {
  for (const { file, text } of cuts) expect((await readFile(new URL(file, ROOT), "utf8")).split(text).length - 1, `${file}: ${text}`).toBe(1);
});

it("docs/DEFENCES.md says it (`npx vitest run --project unit FILE -u` writes it)", async () => {
  await expect(defencesPage(await readFound())).toMatchFileSnapshot("../../../docs/DEFENCES.md");
});
