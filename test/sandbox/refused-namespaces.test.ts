// Tests the third tier where it is meant for: a harness that is allowed neither namespaces nor mounts, as in a default container.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLauncher, stageWords } from "../../src/adapters/sandbox/launcher/launcher.ts";
import { findToolchain } from "../../src/adapters/workbench/cargo/toolchain.ts";
import { MAIN } from "../cli/bakeoff.ts";
import { layTinySuite } from "../cli/tiny-suite.ts";

const never = new AbortController().signal;
let folder: string;
let launcher: string;
let suite: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bakeoff-refused-"));
  launcher = await openLauncher(folder, await findToolchain("/", never), never);
  suite = await layTinySuite(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The program behind a filter that refuses unshare(2), mount(2) and setns(2): the launcher's own, around the harness. */
async function confined(...args: string[]) {
  const stage = { wall: "build", net: "loopback", landlock: null, folder, mark: null, limits: {}, open: null } as const;
  const [program = "", ...words] = stageWords(launcher, stage, [process.execPath, MAIN, ...args]);
  const { PATH = "", HOME = "" } = process.env;
  return execa(program, words, { env: { PATH, HOME, BAKEOFF_CACHE: join(folder, "cache") }, extendEnv: false, reject: false });
}

it("a harness without namespaces and mounts judges behind Landlock, and says what that can't do", async () => {
  const words = ["--suite", suite, "--candidates", "oracle,nop", "--require-sandbox", "landlock", "--json"];
  // Planted patches are judged like any other, and are most of so small a run.
  const { exitCode, stderr, stdout } = await confined("run", ...words, "--set", "gates.calibration_plants=0", "--allow-override");
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("sandbox: landlock");
  expect(stderr).toContain("loopback");
  expect(stdout).toContain("oracle");
});

it("a harness that is to have a better one refuses to run", async () => {
  const { exitCode, stderr } = await confined("run", "--suite", suite, "--candidates", "nop", "--require-sandbox", "util-linux");
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining("landlock") as string]);
});
