// How many cargo jobs a verification's two builds take, and how many tests run at once.
import { expect, it } from "vitest";
import { BASE_FORMAT, type BaseMeta } from "../../../../src/adapters/workbench/base-meta.ts";
import { verifyTwice, type WorkbenchOptions } from "../../../../src/adapters/workbench/verify.ts";
import type { Job, JobOutput, StageOutput } from "../../../../src/adapters/sandbox/sandbox.ts";
import { treeDigest } from "../../../../src/core/suite/suite.ts";
import { fixtureTask } from "../../../sandbox/fixture-task.ts";

const tree = new Map([
  ["Cargo.toml", ""],
  ["src/lib.rs", "pub fn one() -> u8 { 1 }\n"],
]);
const task = fixtureTask(
  { name: "m", tree, digest: treeDigest(tree), hidden: [], protected: [] },
  [{ path: "src/lib.rs", search: "{ 1 }", replace: "{ 2 }" }],
  {
    editable: ["src/**"],
  },
);
const tests = [{ name: "t", id: "a/lib/t", role: "visible" as const, origin: null }];
const meta: BaseMeta = {
  format: BASE_FORMAT,
  key: "k",
  forbidUnsafe: true,
  vendor: null,
  members: [{ name: "a", dir: "", dependents: ["a"], procMacro: false, env: {}, fingerprints: [] }],
  binaries: [{ member: "a", target: "lib", exe: "debug/deps/a-1", cwd: "", tests }],
  programs: [],
  observed: null,
  alone: [],
  compileTime: [],
  hide: [],
  secrets: [],
};
const PASSED = `{ "type": "suite", "event": "started", "test_count": 1 }
{ "type": "test", "event": "started", "name": "t" }
{ "type": "test", "name": "t", "event": "ok" }
{ "type": "suite", "event": "ok", "passed": 1, "failed": 0, "ignored": 0, "measured": 0, "filtered_out": 0, "exec_time": 0.1 }
`;
const stage = (stdout: string): StageOutput => ({ walled: true, code: 0, seconds: 1, stdout, stderr: "", cutBytes: 0, record: null });

/** Jobs of the loop and of its confirmation, where a build's share of the cores is so large. */
async function jobsWith(share: number, cores: number): Promise<readonly Job[]> {
  const ran: Job[] = [];
  const run = async (job: Job): Promise<JobOutput> => {
    ran.push(job);
    return { build: stage(""), tests: [stage(PASSED)], next: null, times: { setupMs: 0, buildMs: 0, testMs: 0, totalMs: 0 } };
  };
  const at = {
    clock: { now: () => 0, wall: () => "" },
    layer: "copy",
    sandbox: { run },
    toolchain: { sysroot: "/rust" },
    prepareJobs: cores,
    root: "/w",
    flags: (base: object) => ({ ...base, jobs: share, root: "/w", rust: "/rust", home: "/cargo", vendor: "/vendor" }),
  } as unknown as WorkbenchOptions;
  const base = { folder: "/nowhere", meta };
  const { verdict } = await verifyTwice(
    at,
    { loop: base, confirmation: base, apart: null },
    { task, changes: new Map([["src/lib.rs", "pub fn one() -> u8 { 1 }\n"]]) },
    new AbortController().signal,
  );
  expect(verdict.status).toBe("passed");
  return ran;
}

it.each([
  { share: 1, cores: 2, loop: 1, confirmation: 2 },
  { share: 2, cores: 2, loop: 2, confirmation: 2 },
  { share: 2, cores: 8, loop: 2, confirmation: 3 },
])("a confirmation takes one job more than its share of $share, of $cores cores", async ({ share, cores, loop, confirmation }) => {
  const [first, second] = await jobsWith(share, cores);
  expect([first?.build?.env["CARGO_BUILD_JOBS"], first?.parallelTests]).toEqual([String(loop), loop]);
  expect([second?.build?.env["CARGO_BUILD_JOBS"], second?.parallelTests]).toEqual([String(confirmation), confirmation]);
});
