// Going through a capsule on disk trial by trial: the same as all of it in memory, whatever the order of its lines, and never a changed file.
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { openCapsule } from "../../src/adapters/capsules/reader.ts";
import { TextIndex } from "../../src/adapters/capsules/text-index.ts";
import { canonicalJson, sha256 } from "../../src/core/base/canonical.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { foldRun } from "../../src/core/capsule/record.ts";
import { planting, policyWith, taskNamed } from "../unit/run/fakes.ts";
import { scratch } from "../setup/scratch.ts";
import { runOnDisk } from "./journal-world.ts";

const folder = await scratch();
const sealed = join(folder, "sealed.capsule.jsonl");
await runOnDisk(sealed, {
  tasks: [taskNamed("a"), taskNamed("b", { risk: "high" }), taskNamed("c")],
  snapshot: policyWith(planting(4)),
  epochs: 2,
});

/** What a reader gives of a file, against the whole of it in memory. */
async function expectSame(path: string): Promise<void> {
  const [whole, seen] = [await readCapsule(path), [] as string[]];
  const record = foldRun(whole.header, whole.events);
  const open = await openCapsule(path, [], (line) => seen.push(line.uri));
  try {
    // Twice: what was gone through once can be gone through again.
    for (let round = 0; round < 2; round += 1) expect([...open.trials()]).toEqual(record.trials);
    for (const trial of record.trials) expect(open.trial(trial.id)).toEqual(trial);
    expect(open.trial("nobody/task/1")).toBeNull();
    expect([...open.calibrationTrials()].flatMap(({ events }) => events)).toEqual(record.calibration);
    expect(open.runEvents).toEqual(record.runEvents);
    expect(seen).toEqual(whole.events.map(({ uri }) => uri));
    for (const { sha256: hash, text } of whole.blobs) expect([open.holds(hash), open.text(hash)]).toEqual([true, text]);
    expect([open.holds(sha256("no")), open.text(sha256("no"))]).toEqual([false, null]);
  } finally {
    open.close();
  }
}

it("gives a sealed capsule's trials, planted patches and texts", async () => {
  expect(foldRun((await readCapsule(sealed)).header, (await readCapsule(sealed)).events).calibration.length).toBeGreaterThan(0);
  await expectSame(sealed);
});

it("gives them from a journal, whose lines stand as they came, the last one cut off", async () => {
  const lines = (await readFile(sealed, "utf8")).trimEnd().split("\n").slice(0, -1);
  const [first = "", ...rest] = lines;
  const mixed = createRandom("mixed").shuffle(rest);
  const journal = join(folder, "journal.capsule.jsonl");
  await writeFile(journal, `${[first, ...mixed].join("\n")}\n{"kind":"ev`);
  await expectSame(journal);
});

it("refuses to end on a file that was changed while it was open", async () => {
  const path = join(folder, "touched.capsule.jsonl");
  await writeFile(path, await readFile(sealed));
  const open = await openCapsule(path, []);
  await appendFile(path, "{}\n");
  expect(() => open.close()).toThrow(expect.objectContaining({ code: "integrity", fault: "changed" }));
  await expect(openCapsule(join(folder, "none"), [])).rejects.toMatchObject({ code: "usage" });
});

it("refuses a file whose header plans a hundred thousand trials that nobody began", async () => {
  const [first = "", ...rest] = (await readFile(sealed, "utf8")).trimEnd().split("\n");
  const header = JSON.parse(first) as { epochs: number; candidates: { name: string }[] };
  const candidates = Array.from({ length: 100 }, (_, at) => ({ ...header.candidates[0], name: `c${at}` }));
  const path = join(folder, "hollow.capsule.jsonl");
  await writeFile(path, `${[canonicalJson({ ...header, epochs: 400, candidates }), ...rest].join("\n")}\n`);
  await expect(openCapsule(path, [])).rejects.toMatchObject({ code: "integrity", fault: "hollow" });
});

it("finds every text by its hash, added in order or not, and no other", () => {
  for (const order of [(hashes: string[]) => hashes.toSorted(), (hashes: string[]) => hashes]) {
    const index = new TextIndex();
    const hashes = order(Array.from({ length: 5000 }, (_, at) => sha256(String(at))));
    for (const [at, hash] of hashes.entries()) index.add(hash, { offset: at * 10_000_000_000, bytes: at });
    for (const [at, hash] of hashes.entries()) expect(index.find(hash)).toEqual({ offset: at * 10_000_000_000, bytes: at });
    expect(index.find(sha256("no"))).toBeNull();
  }
  expect(new TextIndex().find(sha256("no"))).toBeNull();
});
