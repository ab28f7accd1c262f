// Two results by their names: runs, files, and one of several arms in a file.
import { beforeAll, expect, it } from "vitest";
import { compareResults } from "../../../../src/app/compare/compare.ts";
import { inspectReports } from "../../../../src/core/report/formats/inspect/log.ts";
import { sourceOf } from "../../core/report/report-source.ts";
import { memoryTexts } from "../fakes.ts";
import { PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun, tasksNamed } from "../replay/honest-run.ts";

let run: HonestRun;
let files: Map<string, string>;
beforeAll(async () => {
  run = await honestRun({ tasks: tasksNamed(3), candidates: ["small", "other"] });
  files = new Map(inspectReports(sourceOf(run)).map(({ content }, index) => [`log-${index}.json`, String(content)]));
});

const compared = (a: string, b: string, extra: Readonly<Record<string, string>> = {}) => {
  const { header, events, seal, blobs } = run;
  const stored = { header, events, seal, blobs: [...blobs].map(([sha256, text]) => ({ sha256, text })), blob: (hash: string) => blobs.get(hash) ?? null };
  const texts = memoryTexts(new Map([...files, ...Object.entries(extra)]));
  return compareResults({ capsules: { read: async () => stored }, texts, places: PLACES }, { a, b, score: "slot_pass", family: null });
};

it("a run's candidate and its own exported log are the same", async () => {
  const own = await compared("run-1@small", "log-0.json");
  expect(own).toMatchObject({ tasks: 3, same: 3, verdict: "inconclusive", a: { name: "small", unpaired: 0 }, b: { unpaired: 0 } });
});

it("one of several has to be chosen, and the choice is told", async () => {
  await expect(compared("run-1", "log-0.json")).rejects.toMatchObject({ code: "usage", hint: "choose one: run-1@small, run-1@other" });
  await expect(compared("run-1@smal", "log-0.json")).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("run-1@small") as string });
});

it("what is no result is refused with what it may be", async () => {
  const extra = { "x.json": "{}", "y.json": "no" };
  await expect(compared("x.json", "log-0.json", extra)).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("promptfoo") as string });
  await expect(compared("y.json", "log-0.json", extra)).rejects.toMatchObject({ code: "usage", message: "y.json is not JSON" });
  await expect(compared("gone.json", "log-0.json")).rejects.toMatchObject({ code: "usage" });
});
