// How a base is prepared, as far as that shows without a sandbox: what cargo is given.
import { expect, it } from "vitest";
import type { Sandbox } from "../../../../src/adapters/sandbox/sandbox.ts";
import { BaseCache } from "../../../../src/adapters/workbench/base-cache.ts";
import { type Preparation, prepareBase } from "../../../../src/adapters/workbench/prepare.ts";
import { type Base, treeDigest } from "../../../../src/core/suite/suite.ts";
import { ownScratch } from "../../../setup/scratch.ts";

const ownFolder = ownScratch();
const STOPPED = new Error("stopped at cargo's first call");

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
  const tree = new Map([["Cargo.toml", '[package]\nname = "a"\n']]);
  const base: Base = { name: "main", tree, digest: treeDigest(tree), hidden: [], protected: [] };
  const at: Preparation = {
    sandbox,
    toolchain: { rustc: "rustc 1.90.0", cargo: "cargo 1.90.0", host: "x86_64-unknown-linux-gnu", sysroot: "/rust", verbose: "", clippy: false },
    cache: new BaseCache(await ownFolder()),
    flags: (facts) => ({ ...facts, jobs: 1, root: "/w", rust: "/rust", home: "/cargo", vendor: "/vendor" }),
    prepareJobs: 7,
    root: "/w",
    vendor: async () => null,
  };
  await expect(prepareBase(at, { base, variant: "loop", key: "0".repeat(64) }, new AbortController().signal)).rejects.toBe(STOPPED);
  expect(asked).toEqual(["7"]);
});
