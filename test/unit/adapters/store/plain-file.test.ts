// Capsules that come by a pipe: every command that reads one reads it as often as it needs, and names it as it was called.
import { execFileSync, spawn } from "node:child_process";
import { readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkCapsule } from "../../../../src/adapters/capsules/check.ts";
import { exportCapsule } from "../../../../src/adapters/capsules/hand-over.ts";
import { importCapsule } from "../../../../src/adapters/capsules/import.ts";
import { openCapsule } from "../../../../src/adapters/capsules/reader.ts";
import { openLibrary } from "../../../../src/adapters/library/library.ts";
import { ownScratch } from "../../../setup/scratch.ts";
import { runOnDisk } from "../../../contract/journal-world.ts";
import { policyWith, taskNamed } from "../../run/fakes.ts";

const scratch = ownScratch();

let folder = "";
let capsule = "";
let pipes = 0;

beforeAll(async () => {
  folder = await scratch();
  capsule = join(folder, "capsules", "run-1.capsule.jsonl");
  await runOnDisk(capsule, { tasks: [taskNamed("a")], candidates: ["small"], snapshot: policyWith() });
});

/** The copies of a process go when it ends; this one goes on with other tests. */
afterAll(async () => {
  const own = (await readdir(tmpdir())).filter((name) => name.startsWith(`bakeoff-pipe-${process.pid}-`));
  await Promise.all(own.map((name) => rm(join(tmpdir(), name), { recursive: true })));
});

/** Gives the file's bytes once, and no second time. */
function piped(file: string): string {
  const pipe = join(folder, `pipe-${(pipes += 1)}`);
  execFileSync("mkfifo", [pipe]);
  spawn("sh", ["-c", 'cat "$1" > "$2"', "sh", file, pipe], { stdio: "ignore" });
  return pipe;
}

it("is checked, and opened trial by trial", async () => {
  expect((await checkCapsule(piped(capsule), [])).faults).toEqual([]);
  const run = await openCapsule(piped(capsule), []);
  expect([...run.trials()]).toHaveLength(1);
  run.close();
});

it("is exported, and what was exported is imported", async () => {
  const target = join(folder, "out.tar");
  await exportCapsule(piped(capsule), { safe: false, container: "tar", encrypt: null, target });
  const { capsule: back } = await importCapsule(piped(target), join(folder, "back"), { identities: [], passphrase: null, trusted: [] });
  expect(await readFile(back)).toEqual(await readFile(capsule));
});

it("is imported itself", async () => {
  const { capsule: back } = await importCapsule(piped(capsule), join(folder, "itself"), { identities: [], passphrase: null, trusted: [] });
  expect(await readdir(join(folder, "itself"))).toEqual(["run-1.capsule.jsonl"]);
  expect(await readFile(back)).toEqual(await readFile(capsule));
});

it("is listed in the viewer's library", async () => {
  const library = openLibrary({ folder: null, files: [piped(capsule)], cacheRoot: join(folder, "cache"), version: "1" });
  await library.readAll(new AbortController().signal, () => undefined);
  expect((await library.list()).map(({ run, state }) => [run, state])).toEqual([["run-1", "sealed"]]);
  library.close();
});

it("is named as it was called where something is wrong with it", async () => {
  const pipe = piped("/dev/null");
  await expect(openCapsule(pipe, [])).rejects.toMatchObject({ code: "integrity", message: expect.stringContaining(pipe) as string });
});
