// What a shell puts in place of files and of a terminal: pipes, devices that take nothing, closed streams, names of any kind. Never a stack.
import { execFile } from "node:child_process";
import { copyFile, lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scratch, runCache } from "../setup/scratch.ts";
import { MAIN, ROOT } from "./bakeoff.ts";

const SAMPLE = join(ROOT, "capsules", "samples", "resumed.capsule.jsonl");
let cwd = "";

beforeAll(async () => {
  cwd = await scratch();
  await copyFile(SAMPLE, join(cwd, "c.jsonl"));
  await writeFile(join(cwd, "cut.jsonl"), (await readFile(SAMPLE)).subarray(0, 200_000));
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `bakeoff` in the line is the built program. */
async function shell(line: string): Promise<Said> {
  const env = { ...process.env, BAKEOFF_CACHE: runCache(), PROGRAM: MAIN, NODE: process.execPath };
  const script = `set -o pipefail; bakeoff() { "$NODE" "$PROGRAM" "$@"; }; ${line}`;
  const said = await new Promise<Said>((resolve) => {
    execFile("bash", ["-c", script], { cwd, env, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
  expect(said.err, line).not.toMatch(/^ {4}at /m);
  return said;
}

describe("a capsule", () => {
  it.each([
    ["a pipe of the shell", "bakeoff capsule verify <(cat c.jsonl)"],
    ["standard input", "cat c.jsonl | bakeoff replay /dev/stdin --out replayed"],
  ])("comes by %s", async (_, line) => {
    expect(await shell(line)).toMatchObject({ code: 0 });
  });

  it("may have any name", async () => {
    expect(await shell('f=$\'-nä w\\n$(touch ran) ✓.jsonl\'; cp c.jsonl -- "$f" && bakeoff show -- "$f" && [ ! -e ran ]')).toMatchObject({ code: 0 });
  });

  it("of which a part is missing passes no check that could not be made", async () => {
    const { code, out } = await shell("cat cut.jsonl | bakeoff capsule verify /dev/stdin");
    expect(code).toBe(5);
    for (const check of ["seal-whole", "merkle-root", "header-hash", "counts", "texts-sealed", "plan-order", "plants-complete"])
      expect(out).toMatch(new RegExp(`^– ${check}: not checked: there is no seal$`, "m"));
    expect(out).toMatch(/^✗ sealed: /m);
  });
});

describe("what is printed", () => {
  it("ends with 4 where a device takes nothing, and with what is worse where something is", async () => {
    const full = await shell("bakeoff capsule verify c.jsonl >/dev/full");
    expect(full).toMatchObject({ code: 4, err: expect.stringContaining("can't be written") as string });
    expect((await shell("bakeoff capsule verify cut.jsonl >/dev/full 2>/dev/full")).code).toBe(5);
  });

  it("ends quietly where nobody reads on, or nobody ever did", async () => {
    for (const line of ["bakeoff capsule events c.jsonl --json | head -1", "bakeoff capsule events c.jsonl <&- >&- 2>&-"])
      expect(await shell(line), line).toMatchObject({ code: 0, err: "" });
  });

  it("goes into the device that a flag names, which stays what it was", async () => {
    const line = "bakeoff gate register --candidate qwen3-coder-30b-a3b-awq --key <(openssl genpkey -algorithm ed25519) --out out >pipe";
    const { code } = await shell(`mkfifo pipe; cat pipe >said & ln -s /dev/stdout out; ${line}; ended=$?; wait; (exit $ended)`);
    expect(code).toBe(0);
    expect(await readFile(join(cwd, "said"), "utf8")).toMatch(/^\{"envelope":/m);
    expect((await lstat(join(cwd, "out"))).isSymbolicLink()).toBe(true);
  });
});
