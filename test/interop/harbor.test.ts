// Harbor's own lint on the tasks that we write, and their verifier and solution as its containers would run them.
import { execFile, execFileSync } from "node:child_process";
import { cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { harborPython } from "./peer.ts";
import { bakeoff } from "../cli/bakeoff.ts";
import { layTinySuite } from "../cli/tiny-suite.ts";
import { scratch, sharedCache } from "../setup/scratch.ts";

const python = harborPython();

describe.skipIf(python === undefined)("tasks for Harbor", () => {
  let work: string;
  let cache: string;
  beforeAll(async () => {
    [work, cache] = [await scratch(), await sharedCache()];
    await layTinySuite(work);
    const { code, stderr } = await bakeoff(["suite", "export", "./tiny", "--format", "harbor"], { cwd: work, env: { BAKEOFF_CACHE: cache } });
    expect(code, stderr).toBe(0);
  });
  const task = (id: string): string => join(work, "exports", "tiny", id);

  it("are accepted by harbor lint", async () => {
    const harbor = join(dirname(python ?? ""), "harbor");
    const { stdout } = await promisify(execFile)(harbor, ["lint", "--json", ...["fix-area", "fix-count", "fix-name"].map(task)], {
      env: { PATH: process.env["PATH"], HOME: work },
    });
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it("are rewarded for their solution, and not for nothing", async () => {
    const [program, app] = [join(work, "program"), join(work, "app")];
    await mkdir(program);
    execFileSync("tar", ["-C", program, "-xzf", join(task("fix-area"), "tests", "bakeoff.tgz")]);
    await cp(join(task("fix-area"), "environment", "project"), app, { recursive: true });
    const run = async (script: string, logs: string): Promise<string> => {
      const env = {
        ...process.env,
        BAKEOFF_CACHE: cache,
        BAKEOFF_TESTS: join(task("fix-area"), "tests"),
        BAKEOFF_APP: app,
        BAKEOFF_PROGRAM: program,
        BAKEOFF_LOGS: logs,
      };
      await promisify(execFile)("bash", [join(task("fix-area"), script)], { cwd: work, env });
      return readFile(join(logs, "reward.txt"), "utf8").catch(() => "none");
    };
    expect(await run("tests/test.sh", join(work, "before"))).toBe("0\n");
    await run("solution/solve.sh", join(work, "solved"));
    expect(await run("tests/test.sh", join(work, "after"))).toBe("1\n");
  });
});
