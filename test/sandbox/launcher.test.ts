import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_WALL, openLauncher, stageWords, type StageWall } from "../../src/adapters/sandbox/launcher/launcher.ts";
import { findToolchain } from "../../src/adapters/workbench/toolchain.ts";

const never = new AbortController().signal;
let folder: string;
let launcher: string;
let probe: string;
let sysroot: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bakeoff-launcher-"));
  const toolchain = await findToolchain("/", never);
  sysroot = toolchain.sysroot;
  launcher = await openLauncher(folder, toolchain, never);
  probe = join(folder, "probe");
  await mkdir(join(folder, "box"));
  await execa(join(sysroot, "bin", "rustc"), ["--edition", "2021", "-o", probe, fileURLToPath(new URL("fixture/probe.rs", import.meta.url))]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const quoted = (word: string): string => `'${word}'`;

/** Runs the probe behind the launcher, in a network of its own; gives its lines by name. */
async function tried(stage: Partial<StageWall>, ...args: string[]) {
  const wall: StageWall = { wall: "test", net: "loopback", landlock: null, folder, mark: null, limits: {}, open: { fd: 3, name: "/w/target/probe" }, ...stage };
  const words = stageWords(launcher, wall, args).map(quoted).join(" ");
  const end = await execa("unshare", ["-r", "-n", "sh", "-c", `'${launcher}' lo && ${words} 3<'${probe}'`], { reject: false });
  const lines = end.stdout.split("\n").map((line) => line.split(": ") as [string, string]);
  return { code: end.exitCode, signal: end.signal, stderr: end.stderr, ...Object.fromEntries(lines) } as Record<string, unknown>;
}

const DENIED = {
  "a command": "no",
  fork: "no",
  vsock: "no",
  netlink: "no",
  bpf: "no",
  "a program in memory": "no",
  ptrace: "no",
  io_uring: "no",
};

describe("the launcher's test wall", () => {
  it("leaves threads and loopback, and no other process, program or socket family", async () => {
    const seen = await tried({});
    expect(seen).toMatchObject({
      code: 0,
      name: "/w/target/probe",
      threads: "yes",
      loopback: "yes",
      "loopback by IPv6": "yes",
      "unix sockets": "yes",
      ...DENIED,
    });
  });

  it("refuses a second program by its path", async () => {
    expect(await tried({}, "exec")).toMatchObject({ code: 0, exec: "no" });
  });

  it("kills whoever executes a descriptor", async () => {
    expect(await tried({}, "execveat")).toMatchObject({ code: 128 + 31 });
    expect(await tried({}, "search")).toMatchObject({ code: 128 + 31 });
  });

  it("gives no network where none is wanted", async () => {
    expect(await tried({ net: "none" })).toMatchObject({ loopback: "no", "loopback by IPv6": "no", "unix sockets": "yes" });
  });

  it("holds files back by Landlock, the test's own program included", async () => {
    const table = join(folder, "rules");
    await writeFile(table, `x /usr/lib\nx? /lib64\nr? /nowhere\nw ${join(folder, "box")}\n`);
    expect(await tried({ landlock: table })).toMatchObject({ code: 0, passwords: "no", "own descriptors": "no", box: "yes", ...DENIED });
    expect(await tried({})).toMatchObject({ "own descriptors": "yes" });
  });

  it("says that no wall could be built, and runs nothing", async () => {
    const table = join(folder, "wrong");
    await writeFile(table, "r /nowhere\n");
    expect(await tried({ landlock: table })).toMatchObject({ code: NO_WALL, stderr: expect.stringContaining("/nowhere") as string });
  });
});

describe("the launcher's supervision", () => {
  const supervised = async (seconds: number, script: string) => {
    const started = performance.now();
    const end = await execa(launcher, ["supervise", "--seconds", String(seconds), "--", "/bin/sh", "-c", script], { reject: false });
    return { code: end.exitCode, ms: performance.now() - started };
  };

  it("ends as its program did, at once, whatever that left behind", async () => {
    const mark = `sleep 4321.${process.pid}`;
    const end = await supervised(30, `(setsid ${mark} &) ; for i in 1 2 3 4; do (while :; do ${mark} & sleep 0.01; done) & done; sleep 0.2; exit 7`);
    expect(end.code).toBe(7);
    expect(end.ms).toBeLessThan(10_000);
    expect((await execa("pgrep", ["-f", mark], { reject: false })).stdout).toBe("");
  });

  it("kills what outlives its time", async () => {
    expect((await supervised(0.3, "sleep 60 & sleep 60")).code).toBe(137);
  });
});

it("the launcher is built once a toolchain", async () => {
  const again = await openLauncher(folder, { ...(await findToolchain("/", never)) }, never);
  expect(again).toBe(launcher);
});
