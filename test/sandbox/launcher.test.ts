import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_WALL, openLauncher, stageWords, type StageWall } from "../../src/adapters/sandbox/launcher/launcher.ts";
import { findToolchain } from "../../src/adapters/workbench/cargo/toolchain.ts";

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
  const end = await execa("unshare", ["-r", "-n", "-i", "sh", "-c", `'${launcher}' lo && ${words} 3<'${probe}'`], { reject: false });
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
    expect(await tried({ landlock: table })).toMatchObject({
      code: 0,
      passwords: "no",
      "own descriptors": "no",
      box: "yes",
      "memory that lasts": "no",
      ...DENIED,
    });
    expect(await tried({ net: "none" })).toMatchObject({ "own descriptors": "yes", "memory that lasts": "yes" });
  });

  it("says that no wall could be built, and runs nothing", async () => {
    const table = join(folder, "wrong");
    await writeFile(table, "r /nowhere\n");
    expect(await tried({ landlock: table })).toMatchObject({ code: NO_WALL, stderr: expect.stringContaining("/nowhere") as string });
  });
});

describe("what the launcher captures", () => {
  let count = 0;
  const captured = async (script: string, limits: Readonly<Record<string, number>> = {}, variables: readonly string[] = []) => {
    const out = join(folder, `captured-${(count += 1)}`);
    const flags = Object.entries({ bytes: 1000, seconds: 30, ...limits }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const started = performance.now();
    const end = await execa(launcher, ["capture", "--out", out, ...flags, "--", ...variables, "/bin/sh", "-c", script], { reject: false });
    const ms = performance.now() - started;
    const text = (ending: string) => readFile(`${out}.${ending}`, "utf8").catch(() => null);
    const [stdout, stderr, cut, rc] = await Promise.all(["out", "err", "cut", "rc"].map(text));
    const [code = Number.NaN, from = 0, to = 0] = (rc ?? "").trim().split(" ").map(Number);
    return { own: end.exitCode, code, seconds: to - from, stdout, stderr, cut, ms };
  };

  it("is output, errors, exit code and times of a program, which has the variables that are named and no other", async () => {
    const end = await captured("env | sort; echo wrong >&2; sleep 0.2; exit 7", {}, ["A=1", "B=two words"]);
    expect(end).toMatchObject({ own: 0, code: 7, stderr: "wrong\n", cut: null });
    expect(end.stdout?.split("\n").filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line))).toEqual(["A=1", "B=two words", ""]);
    expect(end.seconds).toBeGreaterThan(0.15);
  });

  it("ends as its program did, at once, whatever that left behind", async () => {
    const mark = `sleep 4321.${process.pid}`;
    const end = await captured(`(setsid ${mark} &) ; for i in 1 2 3 4; do (while :; do ${mark} & sleep 0.01; done) & done; sleep 0.2; exit 7`);
    expect(end.code).toBe(7);
    expect(end.ms).toBeLessThan(10_000);
    expect((await execa("pgrep", ["-f", mark], { reject: false })).stdout).toBe("");
  });

  it("is killed where it outlives its time, or holds too much", async () => {
    expect(await captured("sleep 60 & sleep 60", { seconds: 0.3 })).toMatchObject({ own: 0, code: 137, stderr: "" });
    const greedy = "a=0123456789; while :; do a=$a$a; done";
    expect(await captured(greedy, { memory: 50_000_000 })).toMatchObject({ own: 0, code: 137, stderr: "wall: killed for its memory\n" });
  });

  it("is cut at its limit but for a test harness's events, and so are errors", async () => {
    const event = '{ "type": "test", "event": "ok" }';
    const end = await captured(`head -c 1500 /dev/zero | tr '\\0' a; echo; echo '${event}'; head -c 100000 /dev/zero | tr '\\0' b >&2`);
    expect(end).toMatchObject({ code: 0, stdout: `${"a".repeat(1000)}\n${event}\n`, cut: String(501 + event.length + 1) });
    expect(end.stderr).toHaveLength(65_536);
  });

  it("says where no program could be started", async () => {
    const out = join(folder, "captured-none");
    expect((await execa(launcher, ["capture", "--out", out, "--bytes", "1", "--"], { reject: false })).exitCode).toBe(0);
    expect(await readFile(`${out}.rc`, "utf8")).toMatch(/^125 /);
    expect(await readFile(`${out}.err`, "utf8")).toBe("wall: no program\n");
    expect((await captured("", {}, ["/nowhere/program"])).code).toBe(127);
  });
});

it("the launcher is built once a toolchain", async () => {
  const again = await openLauncher(folder, { ...(await findToolchain("/", never)) }, never);
  expect(again).toBe(launcher);
});
