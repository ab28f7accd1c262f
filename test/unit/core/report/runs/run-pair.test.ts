// Two runs side by side, and why they may not be.
import { expect, it } from "vitest";
import { runPairPage } from "../../../../../src/core/report/runs/run-pair.ts";
import { candidateDigest, digest, passesOf } from "../trend/digests.ts";

const oracle = candidateDigest("oracle", passesOf(20));

it("holds every candidate against every other, and those of one name first", () => {
  const before = digest(1, [candidateDigest("small", passesOf(19)), oracle]);
  const after = digest(2, [oracle, candidateDigest("small", passesOf(2))]);
  const page = runPairPage(after, before);
  expect(page.shared.map(({ name, a, b }) => [name, a, b])).toEqual([
    ["oracle", 0, 1],
    ["small", 1, 0],
  ]);
  expect(page.cells.map((row) => row.length)).toEqual([2, 2]);
  expect(page.headline).toBe("By more than chance, each candidate for itself: worse: small.");
});

it("says so where nothing differs by more than chance, and where no candidate is in both", () => {
  const one = digest(1, [candidateDigest("small", passesOf(10))]);
  expect(runPairPage(digest(2, [candidateDigest("small", passesOf(11))]), one).headline).toBe("No candidate of both runs differs by more than chance.");
  expect(runPairPage(digest(2, [oracle]), one).headline).toBe("No candidate is in both runs.");
});

it("pairs no tasks of suites that are not the same, and still tells what differs", () => {
  const other = digest(2, [oracle], { taskSet: "4".repeat(64), suite: { name: "suite", version: "1.1.0", root: "5".repeat(64) } });
  const page = runPairPage(other, digest(1, [oracle]));
  expect([page.shared, page.cells]).toEqual([[], []]);
  expect(page.headline).toMatch(/^Not compared: /);
  expect(page.differences).toEqual([{ what: "suite version", before: "1.0.0", after: "1.1.0" }]);
});
