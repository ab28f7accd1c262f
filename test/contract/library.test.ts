// The library of runs: what an index says is what the capsule says, a changed file is read anew, and a run is followed to its end.
import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { createJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { openLibrary } from "../../src/adapters/library/library.ts";
import { planOrder } from "../../src/core/capsule/order.ts";
import { closeSeal, lineText } from "../../src/core/capsule/line.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import { sha256 } from "../../src/core/base/canonical.ts";
import { numberedRows } from "../../src/core/report/trial-row.ts";
import { reportModel } from "../../src/core/report/model.ts";
import { scratch } from "../setup/scratch.ts";

const FROZEN = new URL("../golden/formats/1/capsules/", import.meta.url).pathname;
const NAMES = ["default", "capability", "resumed"];
const none = new AbortController().signal;

async function home(names: readonly string[] = NAMES) {
  const folder = await scratch();
  const capsules = join(folder, "capsules");
  await mkdir(capsules);
  for (const name of names) await cp(join(FROZEN, `${name}.capsule.jsonl`), join(capsules, `${name}.capsule.jsonl`));
  const cacheRoot = join(folder, "cache");
  return {
    capsules,
    cacheRoot,
    at: (name: string) => join(capsules, `${name}.capsule.jsonl`),
    open: (version = "1") => openLibrary({ folder: capsules, files: [], cacheRoot, version }),
  };
}

it("lists what it has not read as unread, and knows it once it was read, in another process too", async () => {
  const { open } = await home();
  const first = open();
  expect((await first.list()).map(({ state }) => state)).toEqual(["unread", "unread", "unread"]);
  const told: string[] = [];
  await first.readAll(none, (path) => told.push(basename(path)));
  expect(told).toHaveLength(3);
  for (const library of [first, open()]) {
    const rows = await library.list();
    expect(rows.map(({ state, faults }) => [state, faults])).toEqual([
      ["sealed", 0],
      ["sealed", 0],
      ["sealed", 0],
    ]);
    expect(rows.map(({ listing }) => listing?.createdAt)).toEqual(
      rows
        .map(({ listing }) => listing?.createdAt)
        .toSorted()
        .toReversed(),
    );
  }
});

it.each(NAMES)("gives of %s what the capsule holds: trials, texts, report", async (name) => {
  const { open, at } = await home([name]);
  const library = open();
  const run = await library.open(name);
  const whole = await readCapsule(at(name));
  const record = foldRun(whole.header, whole.events);
  expect(run.header).toEqual(whole.header);
  for (const trial of record.trials) expect(run.trial(trial.id)).toEqual(trial);
  for (const { sha256: hash, text } of whole.blobs) expect(run.text(hash)).toBe(text);
  expect(run.runEvents).toEqual(record.runEvents);
  const { trials, ...figures } = JSON.parse(JSON.stringify(reportModel(record)));
  expect(run.report()).toEqual(figures);
  expect([...run.rows()]).toEqual(trials);
  expect(run.rowsOf(new Set([trials[0].task]))).toEqual(numberedRows(trials, new Set([trials[0].task])));
  expect([run.trial("nobody/task/1"), run.trial(`${record.trials[0]?.id}0`), run.text(sha256("no"))]).toEqual([null, null, null]);
  library.close();
});

it("reads a file anew that is another one now, and an index of another version", async () => {
  const { open, at } = await home(["default"]);
  await open().readAll(none, () => undefined);
  expect((await open("2").list())[0]?.state).toBe("unread");
  await cp(join(FROZEN, "capability.capsule.jsonl"), at("default"));
  const library = open();
  expect((await library.list())[0]?.state).toBe("unread");
  expect((await library.open("default")).header.capability).toBe(true);
});

it("makes an index anew of which a part is gone or damaged", async () => {
  const { open, cacheRoot } = await home(["default"]);
  await open().readAll(none, () => undefined);
  const [folder = ""] = await readdir(join(cacheRoot, "runs"));
  await writeFile(join(cacheRoot, "runs", folder, "head.json"), "{");
  expect((await open().list())[0]?.state).toBe("unread");
  await open().readAll(none, () => undefined);
  for (const part of ["report.json", "digest.json", "texts.bin", "rows.jsonl"]) {
    await writeFile(join(cacheRoot, "runs", folder, part), "");
    const run = await open().open("default");
    expect([run.report().run.id, run.digest().run, run.text(run.header.policy.snapshot_hash)]).not.toContain(null);
  }
  await rm(join(cacheRoot, "runs"), { recursive: true });
  expect((await open().open("default")).isSealed).toBe(true);
});

it("names what is damaged, and shows the others", async () => {
  const { open, at } = await home();
  const text = await readFile(at("default"), "utf8");
  await writeFile(at("default"), text.replace('"kind":"event"', '"kind":"evant"'));
  await writeFile(at("resumed"), "no capsule\n");
  const library = open();
  await library.readAll(none, () => undefined);
  expect(Object.fromEntries((await library.list()).map(({ path, state }) => [basename(path), state]))).toEqual({
    "default.capsule.jsonl": "damaged",
    "resumed.capsule.jsonl": "damaged",
    "capability.capsule.jsonl": "sealed",
  });
  await expect(library.open("default")).rejects.toEqual(expect.objectContaining({ code: "integrity" }));
  await expect(library.open("nobody")).rejects.toEqual(expect.objectContaining({ code: "usage" }));
});

it("counts checks that fail, of a capsule whose lines can all be read", async () => {
  const { open, at } = await home(["default"]);
  const lines = (await readFile(at("default"), "utf8")).split("\n");
  const last = lines.findLastIndex((line) => line.includes('"kind":"event"'));
  await writeFile(at("default"), lines.toSpliced(last, 1).join("\n"));
  expect((await open().open("default")).faults).toBeGreaterThan(0);
});

it("follows a run as it is written, to its seal", async () => {
  const { capsules, cacheRoot, at } = await home([]);
  const whole = await readCapsule(join(FROZEN, "capability.capsule.jsonl"));
  const library = openLibrary({ folder: capsules, files: [], cacheRoot, version: "1" });
  const texts = whole.blobs.map(({ sha256: hash, text }) => ({ sha256: hash, text }));
  const journal = await createJournal(at("live"), whole.header, texts);
  expect((await library.list()).map(({ state }) => state)).toEqual(["running"]);
  const half = Math.floor(whole.events.length / 2);
  await journal.append({ blobs: [], lines: whole.events.slice(0, half).map(lineText) });
  const first = await library.follow("live");
  expect([first?.events.length, first?.isSealed]).toEqual([half, false]);
  // A line that is not whole yet is not read.
  await appendFile(at("live"), '{"kind":"ev');
  expect((await library.follow("live"))?.events).toHaveLength(half);
  const text = await readFile(at("live"), "utf8");
  await writeFile(at("live"), text.slice(0, -'{"kind":"ev'.length));
  await journal.append({ blobs: [], lines: whole.events.slice(half).map(lineText) });
  const { seal } = whole;
  if (!seal) throw new Error("no seal");
  const { seal_hash: _, ...facts } = seal;
  await journal.seal(planOrder(whole.header), () => closeSeal(facts));
  const last = await library.follow("live");
  expect([last?.isSealed, last?.events.length]).toEqual([true, whole.events.length]);
  expect((await library.open("live")).isSealed).toBe(true);
  // Who did not follow it opens it as any other.
  expect(await openLibrary({ folder: capsules, files: [], cacheRoot, version: "1" }).follow("live")).toBeNull();
  library.close();
});
