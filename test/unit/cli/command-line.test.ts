// The command line in this process: help of every command, the examples in it, and what the parser refuses. test/cli starts the built program.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CliCommand } from "../../../src/cli/command.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { buildProgram, runProgram } from "../../../src/cli/program.ts";
import { REPORT_FORMAT_NAMES } from "../../../src/core/report/formats/registry.ts";

const ESCAPE = "\u001B";

afterEach(() => vi.restoreAllMocks());

/** What a command line prints, and its exit code. */
async function told(args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  try {
    return { code: await runProgram(["node", "bakeoff", ...args]), ...printed };
  } finally {
    vi.restoreAllMocks();
  }
}

/** Every command of the registry, as it is called. */
const levelsOf = (commands: Readonly<Record<string, CliCommand>>): readonly string[] =>
  Object.entries(commands).flatMap(([name, { commands: below = {} }]) => [name, ...levelsOf(below).map((sub) => `${name} ${sub}`)]);

describe("help", () => {
  it.each(["", ...levelsOf(COMMANDS)])("of bakeoff %s shows an example, which is a command line that it knows", async (level) => {
    const end = await told([...level.split(" ").filter((word) => word !== ""), "--help"]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(end.stdout).not.toContain(ESCAPE);
    const example = /Example:\n {2}bakeoff (.*)/.exec(end.stdout)?.[1] ?? "";
    // What stands behind `--` is a command line of its own.
    const [calls = ""] = example.split(/ [>|] /);
    expect(calls).not.toBe("");
    for (const call of calls.split(" -- ")) expect((await told([...call.split(" "), "--help"])).code, call).toBe(0);
  });

  it("comes on stderr with exit code 2 where a command is missing", async () => {
    for (const args of [[], ["capsule"]]) {
      const end = await told(args);
      expect(end).toMatchObject({ code: 2, stdout: "" });
      expect(end.stderr).toContain("Usage: bakeoff");
    }
  });
});

describe("what the parser does not know", () => {
  const REFUSED: readonly [readonly string[], string][] = [
    [["rnu"], "run"],
    [["policy", "validat"], "validate"],
    [["policy", "snapshit"], "snapshot"],
    [["policy", "dif"], "diff"],
    [["policy", "bump", "--level", "huge"], "patch, minor, major"],
    [["policy", "snapshot", "--created-at", "yesterday"], "2026-11-22T00:00:00.000Z"],
    [["suite", "lst"], "list"],
    [["suite", "shwo"], "show"],
    [["capsule", "verfy"], "verify"],
    [["run", "--epoch", "2"], "--epochs"],
    [["policy", "--polcy", "x"], "--policy"],
    [["suite", "list", "--jsn"], "--json"],
    [["report", "x.jsonl", "--fromat", "md"], "--format"],
    [["run", "--epochs", "0"], "1 to 1000"],
    [["run", "--epochs", "two"], "1 to 1000"],
    [["run", "--limit", "0"], "1 to 100000"],
    [["run", "--seed", "-1"], "0 to"],
    [["run", "--concurrency", "1.5"], "1 to 256"],
    [["run", "--candidates", ","], "at least one"],
    [["run", "--candidates", ""], "at least one"],
    [["report", "x.jsonl", "--format", "pdf"], REPORT_FORMAT_NAMES.join(", ")],
    [["report", "x.jsonl", "--format", ","], REPORT_FORMAT_NAMES.join(", ")],
    [["report"], "capsule"],
    [["capsule", "verify"], "capsule"],
    [["suite", "show"], "suite"],
    [["run", "extra"], "arguments"],
  ];
  it.each(REFUSED)("is refused with the way out: bakeoff %j", async (args, way) => {
    const end = await told(args);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain(way);
    expect(end.stderr).not.toContain("    at ");
  });
});

describe("the list of commands", () => {
  const listed = (...words: string[]) => buildProgram(async () => {}, words).helpInformation();

  it("is the same, whichever of them is built whole", () => {
    const names = Object.keys(COMMANDS);
    const whole = listed(...names);
    for (const name of names) expect(listed(name)).toBe(whole);
    expect(listed()).toBe(whole);
    expect(whole).toContain("policy [options] [command]");
  });
});
