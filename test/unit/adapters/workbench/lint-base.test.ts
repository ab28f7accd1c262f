// The tree that clippy looks at, as far as that shows without a compiler: when it is made, and what is kept of it.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Job, Sandbox } from "../../../../src/adapters/sandbox/sandbox.ts";
import { BaseCache, type StoredBase } from "../../../../src/adapters/workbench/base-cache.ts";
import { BASE_FORMAT } from "../../../../src/adapters/workbench/base-meta.ts";
import { lintBase } from "../../../../src/adapters/workbench/lint-base.ts";
import type { Preparation } from "../../../../src/adapters/workbench/preparation.ts";
import { type Base, treeDigest } from "../../../../src/core/suite/suite.ts";
import { ownScratch } from "../../../setup/scratch.ts";

const ownFolder = ownScratch();
const { signal } = new AbortController();
const tree = new Map([
  ["Cargo.toml", '[package]\nname = "gauge"\n'],
  ["src/lib.rs", "pub fn gauge() {}\n"],
  ["src/heldout.rs", "#[test] fn secret() {}\n"],
]);
const base: Base = { name: "main", tree, digest: treeDigest(tree), hidden: ["src/heldout.rs"], protected: [] };
const FINGERPRINT = "target/debug/.fingerprint/gauge-0123456789abcdef";

class FakeClippy implements Sandbox {
  readonly tier = "none";
  readonly owner = null;
  readonly jobs: Job[] = [];
  readonly hidden: string[] = [];
  code = 0;

  async run(job: Job) {
    this.jobs.push(job);
    this.hidden.push(await readFile(join(job.base, "src/heldout.rs"), "utf8"));
    await mkdir(join(job.base, FINGERPRINT), { recursive: true });
    await writeFile(join(job.base, FINGERPRINT, "output-lib-gauge"), "a line of the clean sources");
    const build = { walled: true, code: this.code, seconds: 1, stdout: "", stderr: "", cutBytes: 0, record: null };
    return { build, tests: [], next: null, times: { setupMs: 0, buildMs: 0, testMs: 0, totalMs: 0 } };
  }

  close = async (): Promise<void> => undefined;
}

async function world(sandbox: Sandbox): Promise<{ readonly at: Preparation; readonly loop: StoredBase; readonly told: string[] }> {
  const root = await ownFolder();
  const folder = join(root, "bases", "k");
  await mkdir(join(folder, "tree"), { recursive: true });
  const members = [{ name: "gauge", dir: "", dependents: ["gauge"], procMacro: false, env: {}, fingerprints: ["debug/.fingerprint/of-the-loop"] }];
  const none = { vendor: null, binaries: [], programs: [], observed: null, alone: [], compileTime: [], hide: [], secrets: [] };
  const told: string[] = [];
  const at: Preparation = {
    sandbox,
    toolchain: { rustc: "rustc 1.90.0", cargo: "cargo 1.90.0", host: "x86_64-unknown-linux-gnu", sysroot: "/rust", verbose: "", clippy: true },
    cache: new BaseCache(root),
    flags: (facts) => ({ ...facts, jobs: 1, root: "/w", rust: "/rust", home: "/cargo", vendor: "/vendor" }),
    prepareJobs: 7,
    root: "/w",
    preparing: ({ step }) => void told.push(step),
    vendor: async () => null,
  };
  return { at, loop: { folder, meta: { format: BASE_FORMAT, key: "k", forbidUnsafe: true, members, ...none } }, told };
}

describe("lintBase", () => {
  it("is made once, beside the loop's base, and the loop's own tree is not touched", async () => {
    const clippy = new FakeClippy();
    const { at, loop, told } = await world(clippy);
    const made = await lintBase(at, base, loop, signal);
    expect(await lintBase(at, base, loop, signal)).toEqual(made);
    expect([clippy.jobs.map(({ build }) => build?.argv[1]), told]).toEqual([["clippy"], ["clippy"]]);
    expect([made?.folder, made?.meta.members.map(({ fingerprints }) => fingerprints)]).toEqual([
      join(loop.folder, "clippy"),
      [[FINGERPRINT.replace("target/", "")]],
    ]);
    expect(await readdir(join(loop.folder, "tree"))).toEqual([]);
    expect(await readdir(join(at.cache.root, "building"))).toEqual([]);
  });

  it("holds no hidden test, and no line that the compiler had to say of the clean sources", async () => {
    const clippy = new FakeClippy();
    const { at, loop } = await world(clippy);
    const made = await lintBase(at, base, loop, signal);
    expect([clippy.hidden, await readdir(join(made?.folder ?? "", "tree", FINGERPRINT))]).toEqual([[""], []]);
  });

  it("is made by one of several that ask at once, and by each that finds it damaged", async () => {
    const clippy = new FakeClippy();
    const { at, loop } = await world(clippy);
    const [one, two] = await Promise.all([lintBase(at, base, loop, signal), lintBase(at, base, loop, signal)]);
    expect([one, await readdir(join(at.cache.root, "building"))]).toEqual([two, []]);
    await writeFile(join(loop.folder, "clippy/meta.json"), "{");
    expect(await lintBase(at, base, loop, signal)).toEqual(one);
    expect(await readFile(join(loop.folder, "clippy/meta.json"), "utf8")).not.toBe("{");
  });

  it("is none where clippy does not pass the clean tree, which is found out once", async () => {
    const clippy = new FakeClippy();
    clippy.code = 101;
    const { at, loop } = await world(clippy);
    expect([await lintBase(at, base, loop, signal), await lintBase(at, base, loop, signal), clippy.jobs.length]).toEqual([null, null, 1]);
  });
});
