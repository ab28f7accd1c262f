// How a base is prepared, as far as that shows without a sandbox: what cargo is given.
import { expect, it } from "vitest";
import type { Sandbox } from "../../../../src/adapters/sandbox/sandbox.ts";
import { BaseCache } from "../../../../src/adapters/workbench/base-cache.ts";
import type { Preparation } from "../../../../src/adapters/workbench/preparation.ts";
import { prepareBase } from "../../../../src/adapters/workbench/prepare.ts";
import { type Base, treeDigest } from "../../../../src/core/suite/suite.ts";
import { ownScratch } from "../../../setup/scratch.ts";

const ownFolder = ownScratch();
const STOPPED = new Error("stopped at cargo's first call");

const options = async (sandbox: Sandbox): Promise<Preparation> => ({
  sandbox,
  toolchain: { rustc: "rustc 1.90.0", cargo: "cargo 1.90.0", host: "x86_64-unknown-linux-gnu", sysroot: "/rust", verbose: "", clippy: false },
  cache: new BaseCache(await ownFolder()),
  flags: (facts) => ({ ...facts, jobs: 1, root: "/w", rust: "/rust", home: "/cargo", vendor: "/vendor" }),
  prepareJobs: 7,
  root: "/w",
  vendor: async () => null,
});
const tree = new Map([["Cargo.toml", '[package]\nname = "a"\n']]);
const base: Base = { name: "main", tree, digest: treeDigest(tree), hidden: [], protected: [] };

it("names packages that the workspace does not have, with those that there are, before anything is built", async () => {
  const verbs: (string | undefined)[] = [];
  const metadata = { packages: ["b", "a"].map((name) => ({ name, manifest_path: `/w/${name}/Cargo.toml`, dependencies: [], targets: [] })) };
  const sandbox: Sandbox = {
    tier: "none",
    owner: null,
    run: async ({ build }) => {
      verbs.push(build?.argv[1]);
      const stage = { walled: true, code: 0, seconds: 1, stdout: JSON.stringify(metadata), stderr: "", cutBytes: 0, record: null };
      return { build: stage, tests: [], next: null, times: { setupMs: 0, buildMs: 0, testMs: 0, totalMs: 0 } };
    },
    close: async () => undefined,
  };
  const wanted = { base: { ...base, packages: ["a", "c"] }, variant: "loop" as const, key: "0".repeat(64) };
  await expect(prepareBase(await options(sandbox), wanted, new AbortController().signal)).rejects.toMatchObject({
    code: "written-file",
    issues: [expect.objectContaining({ message: "no member of the workspace is called c: there are a, b" })],
  });
  expect(verbs).toEqual(["metadata"]);
});

it("takes every core, however few of them a single job gets: all tasks of the base wait for it", async () => {
  const asked: (string | undefined)[] = [];
  const sandbox: Sandbox = {
    tier: "none",
    owner: null,
    run: async ({ build }) => {
      asked.push(build?.env["CARGO_BUILD_JOBS"]);
      throw STOPPED;
    },
    close: async () => undefined,
  };
  await expect(prepareBase(await options(sandbox), { base, variant: "loop", key: "0".repeat(64) }, new AbortController().signal)).rejects.toBe(STOPPED);
  expect(asked).toEqual(["7"]);
});
