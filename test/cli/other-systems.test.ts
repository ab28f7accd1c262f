// Another system than Linux, played: what reads works there, and what would run a model's code says where it can.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../setup/scratch.ts";
import { bakeoff, type Ended, ROOT } from "./bakeoff.ts";

const SAMPLE = join(ROOT, "capsules", "samples", "default.capsule.jsonl");

/** Node as it is on that system, as far as a program sees it: its name, and no user's number where it has none. */
function played(platform: string): string {
  const script = `Object.defineProperty(process, "platform", { value: "${platform}" }); if ("${platform}" === "win32") delete process.getuid;`;
  return `--import data:text/javascript,${encodeURIComponent(script)}`;
}

const READS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  darwin: [
    ["show", SAMPLE],
    ["report", SAMPLE, "--format", "md"],
    ["policy", "validate"],
  ],
  win32: [["replay", SAMPLE, "--out", "out"]],
};

describe.each(Object.keys(READS))("on %s", (platform) => {
  const call = async (...args: readonly string[]): Promise<Ended> => bakeoff(args, { cwd: await scratch(), env: { NODE_OPTIONS: played(platform) } });

  it("capsules are read, and the policy is checked", async () => {
    for (const args of READS[platform] ?? []) expect(await call(...args), args.join(" ")).toMatchObject({ code: 0 });
  });

  it("a run says that it wants Linux, and how to come to one", async () => {
    const refused = await call("run", "--candidates", "nop", "--limit", "1");
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining("Linux") as string });
    expect(refused.stderr).toMatch(platform === "win32" ? /WSL 2/ : /container/);
  });
});
