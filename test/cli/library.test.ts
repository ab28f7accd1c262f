// The package's entry for programs, as another package imports it: its functions, its types, and the examples that show it.
import { spawnSync } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BakeoffError as ThrownError } from "../../src/core/base/errors.ts";
import type * as api from "../../src/library/api.ts";
import { WHOLE } from "../setup/sample.ts";
import { runCache, scratch } from "../setup/scratch.ts";
import { ROOT } from "./bakeoff.ts";
import { layTinySuite } from "./tiny-suite.ts";

const SAMPLE = join(ROOT, "capsules", "samples", "default.capsule.jsonl");

/** A folder in which `bakeoff` and the packages of its tests are installed, as links. */
async function consumer(): Promise<string> {
  const folder = await scratch();
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@types"), { recursive: true });
  for (const [name, target] of [
    ["bakeoff", ROOT],
    ["vitest", join(ROOT, "node_modules", "vitest")],
    ["@types/node", join(ROOT, "node_modules", "@types", "node")],
  ] as const)
    await symlink(target, join(modules, name));
  await cp(join(ROOT, "examples"), folder, { recursive: true });
  return folder;
}

const start = (cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, args, { cwd, encoding: "utf8", env: { ...process.env, BAKEOFF_CACHE: runCache(), ...env } });

it("replays a capsule, and throws what it can't read with a code and a hint", async () => {
  const { replay, BakeoffError } = (await import("bakeoff")) as typeof api;
  const told = await replay({ capsule: SAMPLE });
  expect(told).toMatchObject({ outcome: "proven", findings: [] });
  expect(told.levels.map(({ level }) => level)).toEqual([0, 1, 2, 3, 4, 5]);
  const error: unknown = await replay({ capsule: "gone" }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BakeoffError);
  expect(error).toMatchObject({ code: "usage" });
  // What is published of the class is what it has.
  const published: api.BakeoffError = new ThrownError("usage", "x");
  expect(published.hint).toBe("");
});

it("has types that a program compiles against, and that refuse what no call takes", async () => {
  const folder = await consumer();
  const compile = (...files: readonly string[]) =>
    start(folder, [
      join(ROOT, "node_modules", "typescript7", "bin", "tsc"),
      ..."--noEmit --strict --module nodenext --target es2023 --skipLibCheck --types node".split(" "),
      ...files,
    ]);
  await writeFile(join(folder, "wrong.ts"), 'import { run } from "bakeoff";\nawait run({ suites: "x" });\nexport {};\n');
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  expect(compile("vitest/reflex-model.test.ts").stdout).toBe("");
  expect(compile("wrong.ts").stdout).toContain("suites");
});

/** The two examples, with embedded candidates on three tasks: cargo runs, so `npm run test:long` takes them. */
const itWhole = WHOLE ? it : it.skip;

itWhole("runs the nightly script", async () => {
  const folder = await consumer();
  await layTinySuite(folder);
  const night = (candidate: string) => start(folder, ["nightly.mjs"], { SUITE: "./tiny", CANDIDATE: candidate });
  const good = night("oracle");
  expect(good.stdout).toContain("oracle: 100.0 % of");
  expect(good.stdout).toContain("audit: proven");
  expect(good).toMatchObject({ status: 0 });
  // Three tasks say too little to hold anybody.
  expect(night("nop")).toMatchObject({ status: 0, stdout: expect.stringMatching(/nop: 0\.0 % of[^]*gate: inconclusive/) as string });
});

itWhole("passes the vitest example for a candidate that solves all, and fails it for one that solves nothing", async () => {
  const folder = await consumer();
  await layTinySuite(folder);
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const test = (candidate: string) => start(folder, [vitest, "run", "vitest/reflex-model.test.ts"], { BAKEOFF_SUITE: "./tiny", BAKEOFF_CANDIDATE: candidate });
  expect(test("oracle")).toMatchObject({ status: 0 });
  const nothing = test("nop");
  expect(nothing.status).toBe(1);
  expect(nothing.stdout).toContain("solves more than the compiler's own suggestions do");
});
