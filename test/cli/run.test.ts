// Whole runs of the built program on the tiny suite: reports, interruption, crashes, resuming, checking.
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/base/random.ts";
import type { EventLine } from "../../src/core/capsule/line.ts";
import { sample } from "../setup/sample.ts";
import { scratch, sharedCache } from "../setup/scratch.ts";
import { bakeoff, type Ended, ROOT, type Start } from "./bakeoff.ts";
import { layTinySuite, TINY } from "./tiny-suite.ts";

const cache = await sharedCache();
const home = await scratch();
const suite = join(home, "tiny");
const CANDIDATES = "rustc-suggestions,nop,oracle";

const run = (args: readonly string[], start: Start): Promise<Ended> => bakeoff(args, { ...start, env: { BAKEOFF_CACHE: cache, ...start.env } });
const begin = (cwd: string, more: readonly string[] = [], start: Partial<Start> = {}) =>
  run(["run", "--suite", suite, "--candidates", CANDIDATES, ...more], { cwd, ...start });

const capsulesIn = async (cwd: string): Promise<string[]> =>
  (await readdir(join(cwd, "capsules")).catch(() => [])).filter((name) => name.endsWith(".capsule.jsonl"));
const runIdOf = (stderr: string): string => / run (\S+)/.exec(stderr)?.[1] ?? "";

/** A report without what no two runs share: a snapshot's hash takes in when it was made. */
function comparable(json: string): unknown {
  const parsed = JSON.parse(json, (key, value: unknown) => (/^(timings|runId|run_id|createdAt|created_at)$/.test(key) ? undefined : value)) as unknown;
  const id = /\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z-[0-9a-f]{6}/g;
  const time = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;
  return JSON.parse(JSON.stringify(parsed).replaceAll(id, "RUN").replaceAll(time, "TIME"));
}

/** Verdicts, decisions and patches of a capsule, in its order. */
async function decisionsOf(path: string): Promise<unknown[]> {
  const lines = (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as EventLine);
  return lines.flatMap(({ kind, trial, payload }): unknown[][] => {
    if (kind !== "event") return [];
    if (payload.type === "PatchApply") return [[trial, payload.file_path, payload.patch_id, payload.before_hash, payload.after_hash]];
    if (payload.type === "ToolResult") return [[trial, payload.verdict]];
    if (payload.type === "RoutingDecision") return [[trial, payload.role, payload.mode, payload.attempt, payload.selection_reason]];
    return payload.type === "GateDecision" ? [[trial, payload.gate_name, payload.outcome, payload.reason]] : [];
  });
}

const seen: { whole: string; stderr: string; cwd: string; capsule: string } = { whole: "", stderr: "", cwd: "", capsule: "" };

beforeAll(async () => {
  await layTinySuite(home);
  seen.cwd = await scratch();
  const end = await begin(seen.cwd, ["--json"]);
  expect(end.code, end.stderr).toBe(0);
  Object.assign(seen, { whole: end.stdout, stderr: end.stderr, capsule: join("capsules", (await capsulesIn(seen.cwd))[0] ?? "") });
});

describe("a whole run", () => {
  it("prints one JSON document on stdout with --json, the same that it writes as a report", async () => {
    const folder = join(seen.cwd, "reports", runIdOf(seen.stderr));
    expect(JSON.parse(seen.whole)).toEqual(JSON.parse(await readFile(join(folder, "report.json"), "utf8")));
    expect((await readdir(folder)).toSorted()).toEqual(["report.html", "report.json", "report.md", "trials.csv"]);
  });

  it("says on stderr who stands in for whom, each finished trial, and where everything is", () => {
    expect(seen.stderr).toContain("stand-in");
    expect(seen.stderr).toContain("[9/9]");
    expect(seen.stderr).toContain(seen.capsule);
    expect(seen.stderr).not.toContain("\u001B");
  });

  it("leaves a capsule that verifies, and neither lock nor temporary file", async () => {
    expect(await readdir(join(seen.cwd, "capsules"))).toEqual([seen.capsule.slice("capsules/".length)]);
    const end = await run(["capsule", "verify", seen.capsule], { cwd: seen.cwd });
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(end.stdout).not.toContain("✗");
  });

  it("ends with a line that names a command that works", async () => {
    const [, line = ""] = /Check it: (.+?)(?: {3}|$)/m.exec(seen.stderr) ?? [];
    expect((await run(line.split(" ").slice(2), { cwd: seen.cwd })).code).toBe(0);
  });

  it("gives the same verdicts, decisions and patches when it is run again", async () => {
    const cwd = await scratch();
    const end = await begin(cwd, ["--json"], { env: { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", CI: "1" } });
    expect(end.code).toBe(0);
    expect(end.stderr).not.toContain("\u001B");
    expect(comparable(end.stdout)).toEqual(comparable(seen.whole));
    expect(await decisionsOf(join(cwd, "capsules", (await capsulesIn(cwd))[0] ?? ""))).toEqual(await decisionsOf(join(seen.cwd, seen.capsule)));
  });

  it("takes every task where the limit is larger, and a candidate that is named twice once", async () => {
    const cwd = await scratch();
    const end = await run(["run", "--suite", suite, "--candidates", "nop,nop", "--limit", "50", "--out", "elsewhere"], { cwd });
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).toContain("3 tasks × 1 candidates");
    expect((await readdir(join(cwd, "elsewhere"))).toSorted()).toEqual(["report.html", "report.json", "report.md", "trials.csv"]);
    expect(await readdir(cwd)).not.toContain("reports");
  });
});

describe("reports of a stored capsule", () => {
  it("are the same bytes as those of the run itself, in every format", async () => {
    const folder = join(seen.cwd, "reports", runIdOf(seen.stderr));
    for (const [format, file] of [
      ["md", "report.md"],
      ["json", "report.json"],
      ["csv", "trials.csv"],
    ] as const) {
      const end = await run(["report", seen.capsule, "--format", format], { cwd: seen.cwd, env: { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8" } });
      expect(end).toMatchObject({ code: 0, stderr: "" });
      expect(end.stdout).toBe(await readFile(join(folder, file), "utf8"));
    }
  });

  it("are found by the run's id and written into a folder", async () => {
    const end = await run(["report", runIdOf(seen.stderr), "--format", "md,csv", "--out", "out/deep"], { cwd: seen.cwd });
    expect(end).toMatchObject({ code: 0, stdout: "" });
    expect((await readdir(join(seen.cwd, "out/deep"))).toSorted()).toEqual(["report.md", "trials.csv"]);
  });

  it("are refused where the capsule does not verify", async () => {
    const damaged = join(seen.cwd, "damaged.capsule.jsonl");
    await writeFile(damaged, (await readFile(join(seen.cwd, seen.capsule), "utf8")).replace('"outcome":"Pass"', '"outcome":"Fail"'));
    for (const args of [
      ["report", damaged],
      ["capsule", "verify", damaged],
    ]) {
      const end = await run(args, { cwd: seen.cwd });
      expect(end.code).toBe(5);
      expect(end.stderr).not.toContain("    at ");
    }
  });
});

describe("the list of capsules", () => {
  it("shows sealed, unfinished and damaged ones, and lets none hide the others", async () => {
    const cwd = await scratch();
    await mkdir(join(cwd, "capsules"));
    const whole = await readFile(join(seen.cwd, seen.capsule), "utf8");
    await writeFile(join(cwd, "capsules", "a.capsule.jsonl"), whole);
    await writeFile(join(cwd, "capsules", "b.capsule.jsonl"), whole.slice(0, -500));
    await writeFile(join(cwd, "capsules", "c.capsule.jsonl"), "");
    await writeFile(join(cwd, "capsules", "notes.txt"), "");
    const end = await run(["capsule", "list", "--json"], { cwd });
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect((JSON.parse(end.stdout) as { capsules: { run: string; state: string }[] }).capsules.map(({ run: id, state }) => `${id} ${state}`)).toEqual([
      "c damaged",
      "b unfinished",
      "a sealed",
    ]);
    expect((await run(["capsule", "list"], { cwd })).stdout.trimEnd().split("\n")).toHaveLength(3);
  });
});

describe("places that can't be written to", () => {
  it("stop a run before it starts where capsules is a file", async () => {
    const cwd = await scratch();
    await writeFile(join(cwd, "capsules"), "mine");
    const end = await begin(cwd);
    expect(end).toMatchObject({ code: 4, stdout: "" });
    expect(await readdir(cwd)).toEqual(["capsules"]);
    expect(await readFile(join(cwd, "capsules"), "utf8")).toBe("mine");
  });

  it("stop a run before it starts where capsules leads nowhere", async () => {
    const cwd = await scratch();
    await symlink("/proc/nothing", join(cwd, "capsules"));
    expect(await begin(cwd)).toMatchObject({ code: 4, stdout: "" });
    expect(await readdir(cwd)).toEqual(["capsules"]);
  });

  it("keep the sealed capsule where the report can't be written, and say how to get it", async () => {
    const cwd = await scratch();
    await writeFile(join(cwd, "reports"), "mine");
    const end = await run(["run", "--suite", suite, "--candidates", "nop", "--task", "fix-area"], { cwd });
    expect(end).toMatchObject({ code: 4, stdout: "" });
    const [capsule = ""] = await capsulesIn(cwd);
    expect((await run(["capsule", "verify", join("capsules", capsule)], { cwd })).code).toBe(0);
    const [, line = ""] = /(report capsules\S+ --out) DIR/.exec(end.stderr) ?? [];
    expect((await run([...line.split(" "), "out"], { cwd })).code).toBe(0);
  });
});

describe("an interrupted run", () => {
  /** Interrupts a run at its nth finished trial. */
  const interrupted = (cwd: string, nth: number, signal: NodeJS.Signals, more: readonly string[] = []) => {
    let sent = false;
    return begin(cwd, more, {
      onStderr: (text, kill) => {
        if (sent || !text.includes(`[${nth}/9]`)) return;
        sent = true;
        kill(signal);
      },
    });
  };

  it("ends with 130 and the line that goes on with it, which completes it", async () => {
    for (const [signal, nth] of [
      ["SIGINT", 1],
      ["SIGTERM", 4],
    ] as const) {
      const cwd = await scratch();
      const end = await interrupted(cwd, nth, signal);
      expect(end, end.stderr).toMatchObject({ code: 130, signal: null, stdout: "" });
      expect(end.stderr).not.toContain("    at ");
      const [, words = ""] = /go on with: node \S+ (run --resume .+)$/m.exec(end.stderr) ?? [];
      expect(words).toContain(runIdOf(end.stderr));
      const went = await run([...words.split(" "), "--json"], { cwd });
      expect(went.code, went.stderr).toBe(0);
      expect(comparable(went.stdout)).toEqual(comparable(seen.whole));
      expect((await run(["capsule", "verify", join("capsules", (await capsulesIn(cwd))[0] ?? "")], { cwd })).code).toBe(0);
    }
  });

  it("is refused with 5 where the suite or the policy is no longer what it was, and stays as it was", async () => {
    const cwd = await scratch();
    // A terminal that is closed ends it as Ctrl-C does.
    const end = await interrupted(cwd, 2, "SIGHUP");
    expect(end).toMatchObject({ code: 130, signal: null });
    const [capsule = ""] = await capsulesIn(cwd);
    const before = await readFile(join(cwd, "capsules", capsule), "utf8");
    const other = await layTinySuite(join(cwd, "other"), { "tasks/fix-area.toml": (TINY["tasks/fix-area.toml"] ?? "").replace("something else", "something") });
    await mkdir(join(cwd, "p"));
    for (const file of ["model_policy.toml", "candidates.toml"]) {
      await writeFile(join(cwd, "p", file), (await readFile(join(ROOT, "policy", file), "utf8")).replace("map_tokens = 1500", "map_tokens = 1499"));
    }
    for (const args of [
      ["--suite", other],
      ["--suite", suite, "--policy", "p/model_policy.toml"],
      ["--suite", "reflex-patchloop-v1"],
    ]) {
      const refused = await run(["run", "--resume", runIdOf(end.stderr), ...args], { cwd });
      expect(refused, args.join(" ")).toMatchObject({ code: 5, stdout: "" });
    }
    expect(await readFile(join(cwd, "capsules", capsule), "utf8")).toBe(before);
  });

  it("makes the same report again where it is finished already, and leaves the capsule as it was", async () => {
    const path = join(seen.cwd, seen.capsule);
    const before = await readFile(path, "utf8");
    const end = await run(["run", "--resume", seen.capsule, "--suite", suite, "--json"], { cwd: seen.cwd });
    expect(end, end.stderr).toMatchObject({ code: 0, stdout: seen.whole });
    expect(end.stderr).toContain("is finished");
    expect(await readFile(path, "utf8")).toBe(before);
  });
});

/** Milliseconds after its start. */
const random = createRandom("killed");
const KILLS = sample(
  "kills",
  Array.from({ length: 10 }, () => random.int(1600)),
  1,
);

it(`ends the same after it was killed at any of ${KILLS.length} moments, once it is gone on with`, async () => {
  for (const delay of KILLS) {
    const cwd = await scratch();
    let timer: NodeJS.Timeout | null = null;
    const end = await begin(cwd, ["--json"], {
      onStderr: (text, kill) => void (timer ??= text.includes("capsule: ") ? setTimeout(() => kill("SIGKILL"), delay) : null),
    });
    const where = `killed ${delay} ms after its start`;
    const went = end.signal === "SIGKILL" ? await run(["run", "--resume", runIdOf(end.stderr), "--suite", suite, "--json"], { cwd }) : end;
    expect(went.code, `${where}: ${went.stderr}`).toBe(0);
    expect(comparable(went.stdout), where).toEqual(comparable(seen.whole));
    const [capsule = ""] = await capsulesIn(cwd);
    expect(await decisionsOf(join(cwd, "capsules", capsule)), where).toEqual(await decisionsOf(join(seen.cwd, seen.capsule)));
    expect(await stat(join(cwd, "capsules", `${capsule}.lock`)).catch(() => null)).toBeNull();
  }
}, 300_000);
