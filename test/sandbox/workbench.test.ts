// Tests of the workbench's contract: verdicts that are never stale, bases that stay clean, failures that are told apart.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BaseCache } from "../../src/adapters/workbench/base-cache.ts";
import { openSandbox } from "../../src/adapters/sandbox/sandbox.ts";
import { WrittenFileError } from "../../src/core/base/errors.ts";
import type { Base, Task } from "../../src/core/suite/suite.ts";
import { clock, type FixtureBench, never, openFixtureBench, withBench } from "./fixture-bench.ts";
import { fixtureBase } from "./fixture-task.ts";
import { MeterPatch, meterTask } from "./meter-patches.ts";
import { folderDigest, processesLeft } from "./processes.ts";

let bench: FixtureBench;
let base: Base;
let task: Task;
let patch: MeterPatch;
let entry: string;

beforeAll(async () => {
  bench = await openFixtureBench();
  base = await fixtureBase("meter");
  task = meterTask(base);
  patch = new MeterPatch(task);
  entry = join(bench.cache.root, "bases", (await bench.bench.prepare(base, never)).key);
});
afterAll(() => bench.close());

const statuses = async (on: FixtureBench): Promise<string[]> => {
  const wrong = await on.verdict(task, {});
  const right = await on.verdict(task, patch.honest());
  const uncompilable = await on.verdict(task, patch.body("let x: i64 = true;"));
  return [wrong.status, right.status, uncompilable.status];
};

/** Tests that do not end before their time is up. */
const endless = (seconds: number) => ({
  task: meterTask(base, { test_timeout_s: seconds }),
  changes: new Map(Object.entries(patch.body("while readings.len() > 1 { std::hint::spin_loop() }"))),
});

const ownHomes = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(`bakeoff-${process.pid}-sandbox-`))
    .map((name) => join(tmpdir(), name));

/** Folders of jobs: of those that run, and of chambers that stand ready for the next ones. */
const jobFolders = (): number => ownHomes().flatMap((home) => readdirSync(home).filter((name) => name !== "skeleton")).length;

/** How many job folders there are once there are no more than so many, or after so many milliseconds. */
async function jobFoldersLeft(most: number, ms: number): Promise<number> {
  const end = performance.now() + ms;
  for (;;) {
    const left = jobFolders();
    if (left <= most || performance.now() > end) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A cache of its own with the base in it, and whatever `work` does with it. */
async function withRoot(work: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "bakeoff-test-cache-"));
  try {
    await work(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What is prepared already, with its owners and times, for a test that only harms it: preparing it anew would take seconds. */
const copyBases = async (root: string) => execa("cp", ["-a", join(bench.cache.root, "bases"), root]);

describe("preparing a base", () => {
  it("finds the tests of all members, and hides those of hidden files", async () => {
    const prepared = await bench.bench.prepare(base, never);
    expect(prepared.visibleTests).toEqual([
      "gauge/test:show/shows_the_sum",
      "meter/lib/tests::adds_three",
      "meter/lib/tests::adds_two",
      "meter/lib/tests::finds_the_peak",
      "meter/lib/tests::keeps_the_unit",
      "meter/lib/unit::tests::knows_no_parsec",
      "meter/lib/unit::tests::knows_the_watt",
    ]);
    expect(prepared.heldOutTests).toEqual(["meter/lib/heldout::adds_larger_values", "meter/lib/heldout::adds_nothing", "meter/lib/heldout::peak_of_negatives"]);
    expect(prepared.sentinels).toBeGreaterThan(3);
  });

  it("takes a base from the cache at no cost", async () => {
    await withBench({ root: bench.cache.root }, async (other) => {
      expect((await other.bench.prepare(base, never)).preparedMs).toBe(0);
    });
  });

  it("ends with one good entry where two workbenches prepare the same base at once", async () => {
    await withRoot(async (root) => {
      await withBench({ root }, (one) =>
        withBench({ root }, async (two) => {
          const prepared = await Promise.all([one, two].map((each) => each.bench.prepare(base, never)));
          expect(prepared.every(({ preparedMs }) => preparedMs > 0)).toBe(true);
          // One for the loop, one for the confirmation, which goes by the base's key.
          expect(await readdir(join(root, "bases"))).toHaveLength(2);
          expect(await readdir(join(root, "bases"))).toContain(prepared[0]?.key);
          expect(await readdir(join(root, "building"))).toEqual([]);
          expect(await Promise.all([one, two].map(async (each) => (await each.verdict(task, patch.honest())).status))).toEqual(["passed", "passed"]);
        }),
      );
    });
  });

  it("builds a damaged entry anew, and prunes what was not used", async () => {
    await withRoot(async (root) => {
      const key = await withBench({ root }, async (first) => (await first.bench.prepare(base, never, { whole: true })).key);
      const folder = join(root, "bases", key);
      // The loop's build waits for a patch that is judged by it.
      expect(await readdir(join(root, "bases"))).toEqual([key]);
      const damages = [() => writeFile(join(folder, "meta.json"), "{"), () => rm(join(folder, "tree/target/debug/deps"), { recursive: true })];
      for (const damage of damages) {
        await damage();
        await withBench({ root }, async (again) => {
          expect((await again.bench.prepare(base, never)).preparedMs).toBeGreaterThan(0);
          expect((await again.verdict(task, patch.honest())).status).toBe("passed");
        });
      }
      const cache = new BaseCache(root);
      expect(await cache.prune(new Date(0))).toEqual([]);
      const gone = await cache.prune(new Date(Date.now() + 60_000));
      expect(gone.map((one) => one.key)).toContain(key);
      expect(gone).toHaveLength(2);
      expect(gone[0]?.bytes).toBeGreaterThan(100_000);
      expect(await cache.list()).toEqual([]);
    });
  });

  it("names file and line of a base that does not compile", async () => {
    const broken = await fixtureBase("meter", { "src/unit.rs": "//! Units.\n\npub fn name(unit: char) -> u8 {\n    unit\n}\n" });
    const error = await bench.bench.prepare(broken, never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WrittenFileError);
    expect((error as WrittenFileError).issues).toEqual(expect.arrayContaining([expect.objectContaining({ path: "meter/src/unit.rs", line: 4 })]));
  });

  it("names the base whose own tests fail", async () => {
    const failing = await fixtureBase("meter", { "src/heldout.rs": "#[test]\nfn fails() {\n    assert_eq!(1, 2);\n}\n" });
    const error = await bench.bench.prepare(failing, never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WrittenFileError);
    expect((error as WrittenFileError).issues).toMatchObject([{ path: "meter" }]);
  });

  it("tries again after an abort", async () => {
    await withRoot((root) =>
      withBench({ root }, async (fresh) => {
        const abort = new AbortController();
        const first = fresh.bench.prepare(base, abort.signal);
        setTimeout(() => abort.abort(), 300);
        await expect(first).rejects.toThrow();
        expect((await fresh.bench.prepare(base, never)).preparedMs).toBeGreaterThan(0);
        expect(await readdir(join(root, "building"))).toEqual([]);
      }),
    );
  });
});

describe("verifying", () => {
  it("gives the same verdicts on an overlay and on a copy, and leaves the base as it was", async () => {
    const before = folderDigest(entry);
    const overlaid = await statuses(bench);
    const copied = await withBench({ root: bench.cache.root, layer: "copy" }, statuses);
    expect(overlaid).toEqual(["failed", "passed", "compile-error"]);
    expect(copied).toEqual(overlaid);
    expect(folderDigest(entry)).toBe(before);
  });

  it("is not fooled by a target that was built by a clock one hour ahead", async () => {
    const ahead = new Date(Date.now() + 3_600_000);
    for (const file of await readdir(join(entry, "tree/target"), { recursive: true })) await utimes(join(entry, "tree/target", file), ahead, ahead);
    expect(await statuses(bench)).toEqual(["failed", "passed", "compile-error"]);
  });

  it("works four jobs off in two slots, each with its own verdict", async () => {
    const jobs = [{}, patch.honest(), patch.body("let x: i64 = true;"), patch.honest()];
    const done = await Promise.all(jobs.map((files) => bench.bench.verify({ task, changes: new Map(Object.entries(files)) }, never)));
    expect(done.map(({ verdict }) => verdict.status)).toEqual(["failed", "passed", "compile-error", "passed"]);
    expect(done.filter(({ queueMs }) => queueMs > 20)).toHaveLength(2);
    expect(done[1]?.treeHash).toBe(base.digest);
    for (const { times } of done) expect(times.applyMs + times.checkMs + times.testMs + times.overheadMs).toBeCloseTo(times.totalMs, 3);
  });

  it("ends a compilation that does not end", async () => {
    const spin = "#[allow(long_running_const_eval)]\npub const SPIN: u64 = { let mut i = 0_u64; while i < u64::MAX { i += 1; } i };";
    const verdict = await bench.verdict(meterTask(base, { compile_timeout_s: 3 }), patch.top(spin));
    expect(verdict).toEqual({ status: "timeout", phase: "compile", limitS: 3 });
    expect(await processesLeft("/w/", 5000)).toEqual([]);
  });

  it("ends tests that do not end", async () => {
    const { verdict } = await bench.bench.verify(endless(2), never);
    expect(verdict).toEqual({ status: "timeout", phase: "test", limitS: 2 });
  });

  it("stops promptly when aborted, and leaves neither processes nor folders", async () => {
    const abort = new AbortController();
    // A chamber stands ready for the next job of its kind: as many as before are left.
    await bench.verdict(task, {});
    await new Promise((resolve) => setTimeout(resolve, 500));
    const standing = jobFolders();
    const running = bench.bench.verify(endless(20), abort.signal).catch(() => "stopped");
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const start = performance.now();
    abort.abort();
    expect(await running).toBe("stopped");
    expect(performance.now() - start).toBeLessThan(3000);
    expect(await processesLeft("/w/target/", 3000)).toEqual([]);
    expect(await jobFoldersLeft(standing, 3000)).toBeLessThanOrEqual(standing);
  });

  it("calls it infrastructure where the base's tree is gone, and where no job folder can be made", async () => {
    await withRoot(async (root) => {
      await copyBases(root);
      await withBench({ root }, async (fresh) => {
        const { key } = await fresh.bench.prepare(base, never);
        await rm(join(root, "bases", key, "tree"), { recursive: true });
        expect((await fresh.verdict(task, patch.honest())).status).toBe("infrastructure");
      });
    });
    const before = new Set(ownHomes());
    const lost = await openFixtureBench({ root: bench.cache.root });
    const [home = ""] = ownHomes().filter((name) => !before.has(name));
    await rm(home, { recursive: true });
    await writeFile(home, "in the way");
    expect((await lost.verdict(task, patch.honest())).status).toBe("infrastructure");
    await lost.close();
    expect(existsSync(home)).toBe(false);
  });
});

describe("a broken tree's own verdict", () => {
  it("is worked out once, kept in the cache, and worked out again where its file is damaged", async () => {
    const asked = await Promise.all([bench.bench.startState(task, never), bench.bench.startState(task, never)]);
    expect(asked.map(({ status }) => status)).toEqual(["failed", "failed"]);
    const bases = join(bench.cache.root, "bases");
    const files = readdirSync(bases).map((key) => join(bases, key, "starts", `${task.digest}.json`));
    const [file = ""] = files.filter((path) => existsSync(path));
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(asked[0]);
    await writeFile(file, JSON.stringify({ status: "timeout", phase: "test", limitS: 1 }));
    await withBench({ root: bench.cache.root }, async (other) => {
      expect((await other.bench.startState(task, never)).status).toBe("timeout");
    });
    await writeFile(file, "{");
    await withBench({ root: bench.cache.root }, async (other) => {
      expect(await other.bench.startState(task, never)).toEqual(asked[0]);
    });
  });
});

describe("lints", () => {
  it("are those of the changed files, and none of the tests'", async () => {
    const lint = await bench.bench.lint({ task, changes: new Map(Object.entries(patch.body("let _twice = readings.len() == 0;"))) }, never);
    expect(lint.outcome).toBe("linted");
    expect(lint.diagnostics.map(({ code, span }) => `${code} ${span?.path}`)).toContain("clippy::len_zero src/lib.rs");
    expect(JSON.stringify(lint.diagnostics)).not.toMatch(/\bx[0-9a-f]{12}\b/);
  });
});

describe("the temporary folder", () => {
  it("is freed of what dead processes left, and of nothing else", async () => {
    const dead = join(tmpdir(), "bakeoff-999999999-sandbox-left");
    const alive = join(tmpdir(), `bakeoff-${process.pid}-other-left`);
    await Promise.all([dead, alive].map((folder) => mkdir(join(folder, "job-1"), { recursive: true })));
    const sandbox = await openSandbox({ tier: "none", clock, launcher: "", plainTree: "" });
    await sandbox.close();
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
    await rm(alive, { recursive: true });
  });
});

describe("no sandbox at all", () => {
  let plain: FixtureBench;
  // Its bases are of its own place, and no other bench's.
  beforeAll(async () => {
    plain = await openFixtureBench({ tier: "none" });
    await plain.bench.prepare(base, never);
  });
  afterAll(() => plain.close());

  it("gives the same verdicts, one job at a time", async () => {
    expect(plain.bench.tier).toBe("none");
    expect(await statuses(plain)).toEqual(["failed", "passed", "compile-error"]);
    const both = await Promise.all([plain.verdict(task, {}), plain.verdict(task, patch.honest())]);
    expect(both.map(({ status }) => status)).toEqual(["failed", "passed"]);
  });

  it("leaves no processes when aborted", async () => {
    const abort = new AbortController();
    const running = plain.bench.verify(endless(20), abort.signal).catch(() => "stopped");
    await new Promise((resolve) => setTimeout(resolve, 2500));
    abort.abort();
    expect(await running).toBe("stopped");
    expect(await processesLeft(plain.cache.root, 3000)).toEqual([]);
  });
});
