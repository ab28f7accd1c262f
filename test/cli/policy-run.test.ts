// Runs under a policy that is overridden, or that can't be loaded: low risk goes on, high risk does not, and both are recorded.
import { writeFileSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { Header } from "../../src/core/capsule/line.ts";
import { scratch, sharedCache } from "../setup/scratch.ts";
import { bakeoff, ROOT } from "./bakeoff.ts";
import { layTinySuite } from "./tiny-suite.ts";

const cache = await sharedCache();
const cwd = await scratch();
const policy = join(cwd, "policy", "model_policy.toml");
const run = (...args: readonly string[]) => bakeoff(["run", "--suite", "./tiny", "--candidates", "nop", ...args], { cwd, env: { BAKEOFF_CACHE: cache } });
const good = await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8");
const bad = good.replace("cooldown_ms = 30000", 'cooldown_ms = "long"');

const runs = async (): Promise<readonly string[]> =>
  (await readdir(join(cwd, "capsules")).catch(() => [])).filter((name) => name.endsWith(".capsule.jsonl")).toSorted();
async function newest(before: readonly string[]): Promise<{ header: Header; text: string; path: string }> {
  const name = (await runs()).find((each) => !before.includes(each)) ?? "";
  const text = await readFile(join(cwd, "capsules", name), "utf8");
  return { header: JSON.parse(text.split("\n")[0] ?? "") as Header, text, path: join("capsules", name) };
}

beforeAll(async () => {
  await layTinySuite(cwd);
  await mkdir(join(cwd, "policy"));
  await copyFile(join(ROOT, "policy", "candidates.toml"), join(cwd, "policy", "candidates.toml"));
});

describe("a policy that can't be loaded", () => {
  it("stops the run where no good one was ever seen", async () => {
    await writeFile(policy, bad);
    expect(await run()).toMatchObject({ code: 3, stdout: "" });
    expect(await runs()).toEqual([]);
  });

  it("is replaced by the last good one for low-risk tasks, loudly, and high-risk tasks are refused", async () => {
    await writeFile(policy, good);
    const whole = await run();
    expect(whole.code, whole.stderr).toBe(0);
    const first = await newest([]);
    expect(first.header.policy).toMatchObject({ loaded: "files", signature: "absent" });
    expect(first.header.tasks.map(({ id }) => id)).toEqual(["fix-area", "fix-count", "fix-name"]);
    expect(first.header.warnings).toContainEqual(expect.stringMatching(/^model-policy@\d+\.\d+\.\d+ is not signed: bakeoff policy sign --key FILE$/));

    await writeFile(policy, bad);
    const before = await runs();
    const end = await run();
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toMatch(/THE POLICY CAN'T BE LOADED \(\S*model_policy\.toml:\d+:\d+: /);
    const second = await newest(before);
    expect(second.header.policy).toMatchObject({ loaded: "last-good", hash: first.header.policy.hash });
    expect(second.header.tasks.map(({ id }) => id)).toEqual(["fix-area", "fix-name"]);
    expect(second.header.warnings.join("\n")).toMatch(/refused: the high-risk fix-count/);
    expect((await bakeoff(["capsule", "verify", second.path], { cwd })).code).toBe(0);
  });

  it("stops the run where a high-risk task is asked for", async () => {
    const before = await runs();
    const end = await run("--task", "fix-count");
    expect(end).toMatchObject({ code: 3, stdout: "" });
    expect(end.stderr).toContain("breaker.cooldown_ms");
    expect(await runs()).toEqual(before);
  });

  it("stops the run of another policy, of another spec, and of an overridden one", async () => {
    await mkdir(join(cwd, "policy", "specs"), { recursive: true });
    await writeFile(join(cwd, "policy", "specs", "s.toml"), "format = 2\n");
    for (const args of [
      ["--spec", "s"],
      ["--set", "reflex.max_attempts = 1", "--allow-override"],
    ])
      expect(await run(...args), args.join(" ")).toMatchObject({ code: 3, stdout: "" });
  });
});

describe("an overridden policy", () => {
  it("is recorded: in the warnings, in the layers of the stored snapshot, and in its hash", async () => {
    await writeFile(policy, good);
    const before = await runs();
    expect(await run("--set", "reflex.max_attempts = 1")).toMatchObject({ code: 2, stdout: "" });
    const end = await run("--limit", "1", "--set", "reflex.max_attempts = 1", "--allow-override");
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toContain("! overridden for this run: reflex.max_attempts = 1");
    const { header, path } = await newest(before);
    expect(header.reflex_max_attempts).toBe(1);
    expect(header.warnings).toContain("overridden for this run: reflex.max_attempts = 1");
    expect((await bakeoff(["capsule", "verify", path], { cwd })).code).toBe(0);
    const snapshot = (await bakeoff(["policy", "snapshot", "--set", "reflex.max_attempts = 1", "--allow-override"], { cwd })).stdout;
    expect((JSON.parse(snapshot) as { hash: string; layers: Record<string, string> }).layers["reflex.max_attempts"]).toBe("override");
    expect((JSON.parse(snapshot) as { hash: string }).hash).toBe(header.policy.hash);
  });
});

describe("a policy that is changed while its run goes on", () => {
  const changed = good.replace("p95_latency_ms = 5000", "p95_latency_ms = 4000");

  it("is stored beside the run's own, warned of, and decides nothing", async () => {
    await writeFile(policy, good);
    const before = await runs();
    const args = ["run", "--suite", "./tiny", "--candidates", "nop", "--task", "fix-area", "--concurrency", "1", "--epochs", "5"];
    const edits = [
      ["[1/5]", changed],
      ["[3/5]", bad],
    ] as const;
    let done = 0;
    const onStderr = (said: string): void => {
      const [mark, text] = edits[done] ?? [];
      if (mark === undefined || text === undefined || !said.includes(mark)) return;
      done += 1;
      writeFileSync(policy, text);
    };
    const end = await bakeoff(args, { cwd, env: { BAKEOFF_CACHE: cache }, onStderr });
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout.replaceAll(/\s+/g, " ")).toMatch(
      /the policy's files changed during the run: model-policy@\S+ \([0-9a-f]{12}\) lay there and was not in force/,
    );
    expect(end.stdout).toContain("policy-unreadable");
    const { header, text, path } = await newest(before);
    const events = text
      .split("\n")
      .flatMap((line) => (line.includes('"kind":"event"') ? [JSON.parse(line) as { policy_hash: string; event_type: string }] : []));
    expect(new Set(events.map((event) => event.policy_hash))).toEqual(new Set([header.policy.hash]));
    expect(events.filter((event) => event.event_type === "PolicySnapshotRef")).toHaveLength(2);
    expect(await bakeoff(["capsule", "verify", path], { cwd })).toMatchObject({ code: 0 });
    expect(await bakeoff(["replay", path, "--suite", "./tiny"], { cwd })).toMatchObject({ code: 0 });
  });

  it("is no policy to go on with: the resumed run is refused, and goes on once the policy is put back", async () => {
    await writeFile(policy, good);
    const before = await runs();
    const args = ["run", "--suite", "./tiny", "--candidates", "nop", "--concurrency", "1"];
    const cut = await bakeoff(args, { cwd, env: { BAKEOFF_CACHE: cache }, onStderr: (text, kill) => (text.includes("[1/") ? kill("SIGKILL") : undefined) });
    expect(cut.signal).toBe("SIGKILL");
    const { header, path } = await newest(before);
    await writeFile(policy, changed);
    const refused = await run("--resume", header.run_id);
    expect(refused).toMatchObject({ code: 5, stdout: "" });
    expect(refused.stderr).toMatch(/the policy is not what run \S+ was planned with \(model-policy@\S+ [0-9a-f]{12}, now model-policy@\S+ [0-9a-f]{12}\)/);
    expect(refused.stderr).toContain("restore it, or start a new run");
    await writeFile(policy, good);
    const whole = await run("--resume", header.run_id);
    expect(whole.code, whole.stderr).toBe(0);
    expect(await bakeoff(["capsule", "verify", path], { cwd })).toMatchObject({ code: 0 });
  });
});

it("policy snapshot prints the bytes that a run keeps in its capsule", async () => {
  const before = await runs();
  expect((await run("--limit", "1")).code).toBe(0);
  const { header, text } = await newest(before);
  const blob = text.split("\n").find((line) => line.includes(`"sha256":"${header.policy.snapshot_hash}"`));
  expect(blob).toBeDefined();
  const kept = inflateSync(Buffer.from((JSON.parse(blob ?? "{}") as { data: string }).data, "base64")).toString("utf8");
  const { created_at: at } = JSON.parse(kept) as { created_at: string };
  expect((await bakeoff(["policy", "snapshot", "--created-at", at], { cwd })).stdout).toBe(kept);
});
