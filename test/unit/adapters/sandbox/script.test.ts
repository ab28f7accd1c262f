// Tests that the scripts of a job are sound shell, whatever the names in them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ScriptJob } from "../../../../src/adapters/sandbox/script.ts";
import { TIERS } from "../../../../src/adapters/sandbox/tiers/tiers.ts";
import { TIER_NAMES } from "../../../../src/core/trial/sandbox-tier.ts";

const nasty = `a 'b' "c" $(touch /tmp/bakeoff-owned) \`id\` \\ *`;

const job: ScriptJob = {
  limits: { buildS: 5, testS: 3, outputBytes: 1000, scratchBytes: 1_000_000 },
  build: { argv: ["/rust/bin/cargo", nasty], env: { NAME: nasty } },
  tests: [
    { exe: "debug/deps/a-1", cwd: ".", spawns: false, env: { CARGO_PKG_DESCRIPTION: nasty }, args: [nasty], record: nasty, turn: 1 },
    { exe: `debug/deps/${nasty}`, cwd: nasty, spawns: true, env: {}, args: [], record: null, turn: 0 },
    { exe: "debug/run", cwd: null, spawns: false, env: {}, args: [], record: null, turn: 0 },
  ],
  next: null,
  root: `/w ${nasty}`,
  dropTo: null,
  testEnv: { HOME: "/tmp" },
  testArgs: ["--format", "json"],
  parallelTests: 2,
  wall: `/opt/${nasty}/unshare`,
  has: { changes: true, remove: true, hide: true },
};

function isShell(script: string): boolean {
  execFileSync("sh", ["-n"], { input: script });
  return true;
}

describe("the scripts of a job", () => {
  it.each(TIER_NAMES)("are sound shell in tier %s", (tier) => {
    expect(isShell(TIERS[tier].job(job, `/tmp/${nasty}`))).toBe(true);
    for (const layer of ["overlay", "copy", "direct"] as const) {
      for (const dropTo of [null, 61_357]) {
        const scripts = TIERS[tier].chamber({ folder: `/tmp/${nasty}`, layer, scratchBytes: 1 }, dropTo);
        expect(Object.values(scripts).every(isShell)).toBe(true);
      }
    }
  });

  it("pass names on to a command as they are", () => {
    const folder = mkdtempSync(join(tmpdir(), "bakeoff-test-"));
    try {
      const plain = { tests: [], has: { changes: false, remove: false, hide: false }, build: { argv: ["/usr/bin/printenv", "NAME"], env: { NAME: nasty } } };
      const script = TIERS.none.job({ ...job, ...plain }, folder);
      writeFileSync(join(folder, "job.sh"), script);
      writeFileSync(join(folder, "tree.path"), join(folder, "w"));
      // Of the launcher, only that it passes on what it is given.
      const wall = '#!/bin/sh\nout=$3\nwhile [ "$1" != -- ]; do shift; done\nshift\nenv -i "$@" >"$out.out"\necho "$? 1 1" >"$out.rc"\n';
      writeFileSync(join(folder, "wall"), wall, { mode: 0o755 });
      execFileSync("sh", ["-c", `set -eu; cd '${folder}'; mkdir base out w; say() { :; }; . ./job.sh`], { env: { PATH: "/usr/bin:/bin" } });
      expect(readFileSync(join(folder, "out/build.out"), "utf8")).toBe(`${nasty}\n`);
      expect(readFileSync(join(folder, "out/build.rc"), "utf8")).toBe("0 1 1\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(TIER_NAMES)("begin a run when all runs of the turn before have ended, in tier %s", (tier) => {
    const run = (exe: string, turn: number) => ({ exe, cwd: ".", spawns: false, env: {}, args: [], record: null, turn });
    const tests = [run("last-a", 2), run("first-a", 0), run("second", 1), run("first-b", 0)];
    const script = TIERS[tier].job({ ...job, tests, parallelTests: 4 }, "/tmp/j");
    expect(script).toMatch(/out\/1 [^]*out\/3 [^]*\nwait\n[^]*out\/2 [^]*\nwait\n[^]*out\/0 [^]*\nwait\n/);
    expect(script.match(/\nwait\n/g)).toHaveLength(tier === "none" ? 3 : 4);
  });

  it("run one test at a time where stages run as a user of their own, all of whose processes are killed when one ends", () => {
    const run = (exe: string) => ({ exe, cwd: ".", spawns: false, env: {}, args: [], record: null, turn: 0 });
    const tests = [run("a"), run("b"), run("c")];
    const waits = (dropTo: number | null) => TIERS.landlock.job({ ...job, tests, dropTo, parallelTests: 4 }, "/tmp/j").match(/\nwait(?=\n)/g)?.length ?? 0;
    expect(waits(61_358)).toBe(waits(null) + 3);
  });

  it.each(TIER_NAMES)("leave a build out where there is none, in tier %s", (tier) => {
    expect(TIERS[tier].job({ ...job, build: null }, "/tmp/j")).not.toContain("say build");
    expect(TIERS[tier].job({ ...job, tests: [] }, "/tmp/j")).not.toContain("say test");
    const two = TIERS[tier].job({ ...job, next: { build: job.build, tests: job.tests } }, "/tmp/j");
    expect(isShell(two)).toBe(true);
    expect(two).toMatch(/say build\n[^]*say test-of-build\n[^]*say rebuild\n[^]*say test-of-rebuild\n/);
  });
});
