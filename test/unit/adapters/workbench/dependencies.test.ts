// Dependencies compiled once a lock file, as far as that shows without a compiler.
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Job, JobOutput, Sandbox, StageOutput } from "../../../../src/adapters/sandbox/sandbox.ts";
import { BaseCache } from "../../../../src/adapters/workbench/base-cache.ts";
import type { CargoFlags } from "../../../../src/adapters/workbench/cargo/cargo.ts";
import { type DependencyKind, layDependencies, type WantedDependencies } from "../../../../src/adapters/workbench/dependencies.ts";
import { NO_CARGO_CONFIG } from "../../../../src/core/suite/cargo-config.ts";
import type { Tree } from "../../../../src/core/text/edit.ts";
import { ownScratch } from "../../../setup/scratch.ts";

const ownFolder = ownScratch();
const toolchain = { rustc: "rustc 1.90.0", cargo: "cargo 1.90.0", host: "x86_64-unknown-linux-gnu", sysroot: "/rust", verbose: "", clippy: true };
const flags: CargoFlags = {
  forbidUnsafe: false,
  vendored: true,
  features: [],
  packages: [],
  warn: [],
  members: [{ name: "gauge", dir: "" }],
  config: NO_CARGO_CONFIG,
  jobs: 2,
  root: "/w",
  rust: "/rust",
  home: "/cargo",
  vendor: "/vendor",
};

const SEMVER = "registry+https://example.org/index#semver@1.0.23";
const compiled = (id: string, name: string): string => JSON.stringify({ reason: "compiler-artifact", package_id: id, target: { name } });
const PRINTED = `${compiled(SEMVER, "semver")}\n${compiled("path+file:///w#gauge@0.1.0", "gauge")}\n`;
const GAUGE = "path+file:///w#gauge@0.1.0";
/** What `cargo metadata` says of a workspace whose own target is this file. */
const resolvedWith = (source: string): string =>
  JSON.stringify({
    packages: [
      { id: SEMVER, targets: [{ src_path: "/vendor/semver/src/lib.rs" }] },
      { id: GAUGE, targets: [{ src_path: source }] },
    ],
    resolve: { nodes: [{ id: SEMVER }, { id: GAUGE }] },
  });
const MADE = ["deps/libsemver-0123456789abcdef.rlib", "deps/libgauge-0123456789abcdef.rlib", "deps/shows_the_sum-0123456789abcdef", "libgauge.rlib"];

const tree = (version: string, dependency = "1.0.23"): Tree =>
  new Map([
    ["Cargo.toml", `[package]\nname = "gauge"\nversion = "${version}"\n`],
    [
      "Cargo.lock",
      `[[package]]\nname = "gauge"\nversion = "${version}"\n\n[[package]]\nname = "semver"\nversion = "${dependency}"\nsource = "registry+https://example.org/index"\n`,
    ],
    ["src/lib.rs", "pub fn answer() -> u8 { 42 }\n"],
  ]);

/** Answers as cargo would; `build` takes the place of its first build. */
class FakeCargo implements Sandbox {
  readonly tier = "none";
  readonly owner = null;
  readonly verbs: string[] = [];
  private readonly build: (job: Job) => Promise<void>;

  constructor(build: (job: Job) => Promise<void> = lay) {
    this.build = build;
  }

  source = "/w/src/lib.rs";

  async run(job: Job): Promise<JobOutput> {
    const verb = job.build?.argv[1] ?? "";
    this.verbs.push(verb);
    if (verb === "test") {
      await this.build(job);
      job.watch?.(PRINTED);
    }
    const stage: StageOutput = {
      walled: true,
      code: 0,
      seconds: 1,
      stdout: verb === "metadata" ? resolvedWith(this.source) : PRINTED,
      stderr: "",
      cutBytes: 0,
      record: null,
    };
    return { build: stage, tests: [], next: null, times: { setupMs: 0, buildMs: 0, testMs: 0, totalMs: 0 } };
  }

  close = async (): Promise<void> => undefined;
}

async function lay(job: Job): Promise<void> {
  const debug = join(job.base, "target/debug");
  for (const folder of [".fingerprint/semver-0123456789abcdef", ".fingerprint/gauge-0123456789abcdef", "deps", "incremental/gauge-1"])
    await mkdir(join(debug, folder), { recursive: true });
  for (const path of MADE) await writeFile(join(debug, path), "");
}

interface World {
  readonly cache: BaseCache;
  readonly told: string[];
  get(sandbox: Sandbox, of: Tree, name: string, kind?: DependencyKind): Promise<string>;
}

async function world(): Promise<World> {
  const root = await ownFolder();
  const cache = new BaseCache(root);
  const told: string[] = [];
  const tell: WantedDependencies["tell"] = (step, crates) => void told.push(crates ? `${step} ${crates.done}/${crates.total}` : step);
  return {
    cache,
    told,
    get: async (sandbox, of, name, kind = "tests") => {
      const target = join(root, name);
      await mkdir(target);
      await layDependencies({ sandbox, toolchain, cache }, { kind, tree: of, flags, vendor: "/somewhere", tell }, target, new AbortController().signal);
      return target;
    },
  };
}

describe("dependencies of a base", () => {
  it("are not compiled beside code of the workspace: a manifest may be Rust too, and others would get what it wrote", async () => {
    const { get } = await world();
    const cargo = new FakeCargo();
    cargo.source = "/w/evil/Cargo.toml";
    const target = await get(cargo, tree("0.1.0"), "a");
    expect([cargo.verbs, await readdir(target)]).toEqual([["metadata"], []]);
  });
  it("are compiled once for all versions of a workspace, and again for others", async () => {
    const { get, cache } = await world();
    const cargo = new FakeCargo();
    await Promise.all([get(cargo, tree("0.1.0"), "a"), get(cargo, tree("0.1.0"), "b")]);
    await get(cargo, tree("0.2.0"), "c");
    expect(cargo.verbs).toEqual(["metadata", "test"]);
    await get(cargo, tree("0.2.0", "1.0.24"), "d");
    expect(cargo.verbs).toHaveLength(4);
    expect((await cache.list()).map(({ key }) => key.replace(/\/.*/, ""))).toEqual(["dependencies", "dependencies"]);
    expect(await readdir(join(cache.root, "building"))).toEqual([]);
  });

  it("are checked for clippy where that is asked for, beside what tests need of them", async () => {
    const { get, cache, told } = await world();
    const cargo = new FakeCargo();
    for (const name of ["a", "b"]) await get(cargo, tree("0.1.0"), name, "clippy");
    expect(cargo.verbs).toEqual(["metadata", "metadata", "test", "clippy"]);
    expect(told).toEqual(["dependencies", "dependencies 1/1", "dependencies for clippy"]);
    await get(cargo, tree("0.1.0"), "c");
    expect([cargo.verbs.length, (await cache.list()).length]).toEqual([4, 2]);
    expect(await readdir(join(cache.root, "b/debug/deps"))).toEqual(["libsemver-0123456789abcdef.rlib", "shows_the_sum-0123456789abcdef"]);
  });

  it("hold nothing that was made in the place of the workspace's own crates", async () => {
    const { get } = await world();
    const target = await get(new FakeCargo(), tree("0.1.0"), "a");
    expect(await readdir(join(target, "debug"))).toEqual([".fingerprint", "deps"]);
    expect(await readdir(join(target, "debug/.fingerprint"))).toEqual(["semver-0123456789abcdef"]);
    // A test's binary without a message of cargo is nobody's: it is never read.
    expect(await readdir(join(target, "debug/deps"))).toEqual(["libsemver-0123456789abcdef.rlib", "shows_the_sum-0123456789abcdef"]);
  });

  it("are compiled where no code of the workspace is", async () => {
    const { get } = await world();
    const sources: string[] = [];
    const look = async (job: Job) => void sources.push(await readFile(join(job.base, "src/lib.rs"), "utf8"));
    await get(new FakeCargo(look), tree("0.1.0"), "a");
    expect(sources).toEqual([expect.not.stringContaining("42")]);
  });

  it("go on where a stopped build was, and keep their files' times", async () => {
    const { get } = await world();
    const stopped = new Error("stopped");
    const half = async (job: Job): Promise<void> => {
      await lay(job);
      throw stopped;
    };
    await expect(get(new FakeCargo(half), tree("0.1.0"), "a")).rejects.toBe(stopped);
    let made = 0;
    const rest = async (job: Job): Promise<void> => {
      made = (await stat(join(job.base, "target/debug", MADE[0] ?? ""))).mtimeMs;
    };
    const target = await get(new FakeCargo(rest), tree("0.1.0"), "b");
    expect(made).toBeGreaterThan(0);
    expect((await stat(join(target, "debug", MADE[0] ?? ""))).mtimeMs).toBe(made);
  });

  it("tell how many crates are compiled", async () => {
    const { get, told } = await world();
    await get(new FakeCargo(), tree("0.1.0"), "a");
    expect(told).toEqual(["dependencies", "dependencies 1/1"]);
  });
});
