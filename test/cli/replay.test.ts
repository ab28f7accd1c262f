// Replaying the sample capsules with the built program: golden bytes, no network, and whatever was changed is named.
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { canonicalJson, hashOf, merkleRoot, sha256 } from "../../src/core/base/canonical.ts";
import { REPORT_FORMAT_NAMES } from "../../src/core/report/formats/registry.ts";
import { scratch } from "../setup/scratch.ts";
import { textsRootOf } from "../unit/run/fakes.ts";
import { sample, WHOLE } from "../setup/sample.ts";
import { bakeoff, type Ended, MAIN, ROOT } from "./bakeoff.ts";
import { layTinySuite } from "./tiny-suite.ts";

const SAMPLES = ["default", "capability", "resumed"];
const FILES = ["replay_report.csv", "replay_report.html", "replay_report.json", "replay_report.md"];
const sampleOf = (name: string): string => join(ROOT, "capsules", "samples", `${name}.capsule.jsonl`);
const golden = async (name: string): Promise<Record<string, string>> => filesIn(join(ROOT, "reports", "samples", name));
const cwd = await scratch();

async function filesIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)));
}

describe.each(sample("replayed samples", SAMPLES, 1))("the sample %s", (name) => {
  it("gives its golden reports byte for byte, twice, under an odd time zone and language, from another folder", async () => {
    const folder = await scratch();
    const odd = { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
    for (const [index, env] of [{}, odd, odd].entries()) {
      const end = await bakeoff(["replay", sampleOf(name), "--out", `out${index}`], { cwd: folder, env });
      expect(end.code, end.stderr).toBe(0);
      const files = await filesIn(join(folder, `out${index}`));
      expect(Object.keys(files)).toEqual(FILES);
      expect(files).toEqual(await golden(name));
    }
  });

  it("replays without any network: in a network namespace that has no interface", async () => {
    const folder = await scratch();
    const end = await run("unshare", ["-rn", process.execPath, MAIN, "replay", sampleOf(name), "--out", "out"], folder);
    expect(end.code, end.stderr).toBe(0);
    expect(await filesIn(join(folder, "out"))).toEqual(await golden(name));
  });

  it("replays without so much as asking for a socket", async () => {
    const folder = await scratch();
    const hook = join(folder, "no-network.cjs");
    await writeFile(hook, NO_NETWORK);
    const end = await run(process.execPath, ["--require", hook, MAIN, "replay", sampleOf(name), "--out", "out"], folder);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stderr).not.toContain("asked for the network");
    // The hook itself works: the same program with a command that looks for servers.
    const probe = await run(
      process.execPath,
      ["--require", hook, "-e", "try { require('node:net').connect(1) } catch (error) { console.error(error.message) }"],
      folder,
    );
    expect(probe.stderr).toContain("asked for the network");
  });
});

const NO_NETWORK = `
const refuse = () => { throw new Error("asked for the network"); };
const net = require("node:net"), dns = require("node:dns"), dgram = require("node:dgram"), tls = require("node:tls");
net.connect = net.createConnection = net.Socket.prototype.connect = net.Server.prototype.listen = refuse;
tls.connect = dgram.createSocket = dns.lookup = dns.resolve = dns.promises.lookup = refuse;
globalThis.fetch = refuse;
`;

function run(
  program: string,
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Pick<Ended, "code" | "stdout" | "stderr">> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { cwd: folder, env: { PATH: process.env["PATH"], TMPDIR: tmpdir(), HOME: folder, ...env }, maxBuffer: 1e8 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : null, stdout, stderr }),
    );
  });
}

// ——— capsules that somebody changed, seal and all ———

type Line = Record<string, unknown>;
const linesOf = async (path: string): Promise<Line[]> =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
const payloadOf = (line: Line): Line => (line["payload"] ?? {}) as Line;

/** Writes the lines as a capsule whose every hash fits. */
async function resealed(lines: readonly Line[]): Promise<string> {
  const { seal_hash: _, ...seal } = lines.at(-1) ?? {};
  const texts = lines.filter((line) => line["kind"] === "blob").toSorted((a, b) => (String(a["sha256"]) < String(b["sha256"]) ? -1 : 1));
  const events = lines.filter((line) => line["kind"] === "event");
  const header = lines[0] ?? {};
  const fitting = {
    ...seal,
    header_hash: sha256(canonicalJson(header)),
    merkle_root: merkleRoot(events.map(canonicalJson)),
    events: events.length,
    blobs: texts.length,
    texts_root: textsRootOf(new Map(texts.map((line) => [String(line["sha256"]), inflateSync(Buffer.from(String(line["data"]), "base64")).toString("utf8")]))),
  };
  const path = join(cwd, `${sha256(canonicalJson(lines)).slice(0, 12)}.capsule.jsonl`);
  const all = [header, ...texts, ...events, { ...fitting, seal_hash: hashOf(fitting) }];
  await writeFile(path, all.map((line) => `${canonicalJson(line)}\n`).join(""));
  return path;
}

interface Outcome {
  readonly outcome: string;
  readonly findings: readonly {
    readonly level: string;
    readonly cause: string;
    readonly why: string;
    readonly recorded: unknown;
    readonly redone: unknown;
    readonly anchor: string | null;
  }[];
  readonly levels: readonly { readonly name: string; readonly status: string; readonly notes: readonly string[] }[];
  readonly counterfactual: { readonly candidates: readonly { readonly trials: number; readonly unknown: number; readonly changed: number }[] } | null;
  readonly comparison: { readonly sharedTasks: number } | null;
}

async function replayed(capsule: string, more: readonly string[] = []): Promise<Ended & { readonly model: Outcome }> {
  const end = await bakeoff(["replay", capsule, "--json", ...more], { cwd });
  return { ...end, model: JSON.parse(end.stdout) as Outcome };
}

describe("a capsule that was changed", () => {
  it("ends with 5 where its hashes no longer fit, and says why", async () => {
    const path = join(cwd, "bent.capsule.jsonl");
    await writeFile(path, (await readFile(sampleOf("default"), "utf8")).replace('"outcome":"Pass"', '"outcome":"Fail"'));
    const { code, model } = await replayed(path);
    expect(code).toBe(5);
    expect(model.outcome).toBe("not-intact");
    expect(model.findings[0]).toMatchObject({ level: "integrity", cause: "record" });
  });

  it("ends with 5 where an event contradicts the evidence, though every hash fits", async () => {
    const lines = await linesOf(sampleOf("default"));
    const result = lines.find((line) => line["event_type"] === "ToolResult" && payloadOf(line)["success"] === false);
    Object.assign(payloadOf(result ?? {}), { success: true });
    const { code, model } = await replayed(await resealed(lines));
    expect(code).toBe(5);
    expect(model.findings[0]).toMatchObject({ level: "integrity", cause: "record" });
  });

  it("ends with 6 where a decision was rewritten, though every hash fits, and puts it down to the record", async () => {
    const lines = await linesOf(sampleOf("default"));
    const gate = lines.find((line) => payloadOf(line)["gate_name"] === "unlock");
    Object.assign(payloadOf(gate ?? {}), { outcome: "Fail" });
    const { code, model, stderr } = await replayed(await resealed(lines));
    expect(code).toBe(6);
    expect(stderr).toContain("the router decides otherwise");
    expect(model).toMatchObject({
      outcome: "diverged",
      findings: [{ level: "decisions", cause: "record", recorded: { outcome: "Fail" }, redone: { outcome: "Pass" } }],
    });
    expect(model.findings[0]?.anchor).toMatch(/^e\d+-\d+$/);
  });

  it("is put down to the policy where the stored policy was edited after the run", async () => {
    const lines = await linesOf(sampleOf("default"));
    const header = lines[0] ?? {};
    const policy = header["policy"] as Line;
    const blob = lines.find((line) => line["sha256"] === policy["snapshot_hash"]) ?? {};
    const text = inflateSync(Buffer.from(String(blob["data"]), "base64")).toString("utf8");
    const snapshot = JSON.parse(text) as { policy: { reflex: { max_attempts: number } } };
    snapshot.policy.reflex.max_attempts = 1;
    const changed = canonicalJson(snapshot);
    Object.assign(blob, { sha256: sha256(changed), data: deflateSync(changed).toString("base64") });
    policy["snapshot_hash"] = sha256(changed);
    const { code, model } = await replayed(await resealed(lines));
    expect(code).toBe(5);
    expect(new Set(model.findings.map(({ cause }) => cause))).toEqual(new Set(["policy"]));
    expect(model.findings.map(({ level }) => level)).toContain("decisions");
  });

  it("ends with 5 where its signature does not hold, though every hash does", async () => {
    const path = join(cwd, "signed.capsule.jsonl");
    await writeFile(path, await readFile(sampleOf("default")));
    expect((await bakeoff(["capsule", "sign", path, "--new-key", join(cwd, "key.pem")], { cwd })).code).toBe(0);
    expect(await replayed(path)).toMatchObject({ code: 0, model: { outcome: "proven" } });
    const beside = join(cwd, "signed.capsule.sig.json");
    await writeFile(beside, (await readFile(beside, "utf8")).replace(/"sig":"../, '"sig":"AA'));
    const { code, model } = await replayed(path);
    expect(code).toBe(5);
    expect(model.findings[0]).toMatchObject({ level: "integrity", cause: "record" });
  });

  it("ends with 5 where it can't be read at all, and with 2 where there is none", async () => {
    const path = join(cwd, "junk.capsule.jsonl");
    await writeFile(path, "junk\n");
    expect(await bakeoff(["replay", path], { cwd })).toMatchObject({ code: 5, stdout: "" });
    expect(await bakeoff(["replay", "no-such-run"], { cwd })).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("cargo run again", () => {
  /** A run that was made elsewhere can only be simulated here: the recorded toolchain is rewritten, and with `verdict` what it came to on one tree. */
  async function madeElsewhere(capsule: string, verdict: boolean): Promise<string> {
    const lines = await linesOf(capsule);
    Object.assign((lines[0] ?? {})["toolchain"] as Line, { rustc: "rustc 1.0.0 (simulated)" });
    const result = lines.findLast((line) => line["event_type"] === "ToolResult" && payloadOf(line)["success"] === true && payloadOf(line)["reused"] === false);
    if (!verdict || !result) return resealed(lines);
    const text = canonicalJson({ status: "compile-error", codes: ["E0308"], diagnostics: [] });
    const summary = {
      status: "compile-error",
      visible_passed: false,
      tests_passed: 0,
      tests_failed: 0,
      held_out_failed: 0,
      error_codes: ["E0308"],
      detail: "",
    };
    const old = payloadOf(result)["output_hash"];
    for (const line of lines)
      if (payloadOf(line)["output_hash"] === old) Object.assign(payloadOf(line), { output_hash: sha256(text), success: false, verdict: summary });
    const kept = lines.filter((line) => line["sha256"] !== old);
    return resealed([
      ...kept.slice(0, 1),
      { kind: "blob", sha256: sha256(text), encoding: "deflate+base64", data: deflateSync(text).toString("base64") },
      ...kept.slice(1),
    ]);
  }

  const itWhole = WHOLE ? it : () => undefined;
  itWhole("comes to the recorded verdicts on every tree, planted ones with them", async () => {
    const { code, model, stderr } = await replayed(sampleOf("capability"), ["--reexecute"]);
    expect(code, stderr).toBe(0);
    expect(model.levels[4]).toMatchObject({ name: "re-execution", status: "proven" });
  });

  it("names both toolchains, and puts another verdict down to them", async () => {
    await layTinySuite(cwd);
    const ran = await bakeoff(["run", "--suite", "./tiny", "--candidates", "oracle", "--capability", "--task", "fix-area"], { cwd });
    expect(ran.code, ran.stderr).toBe(0);
    const [name = ""] = await readdir(join(cwd, "capsules"));
    const capsule = join(cwd, "capsules", name);
    const again = ["--suite", "./tiny", "--reexecute"];
    const same = await replayed(await madeElsewhere(capsule, false), again);
    expect(same.model.levels[4]).toMatchObject({
      status: "proven",
      notes: [expect.stringMatching(/recorded with rustc 1\.0\.0 \(simulated\).*run again with rustc/)],
    });
    const other = await replayed(await madeElsewhere(capsule, true), again);
    const differing = other.model.findings.filter(({ level }) => level === "re-execution");
    // Trees that came to the same verdict share its text.
    expect(differing.length).toBeGreaterThan(0);
    for (const finding of differing) expect(finding).toMatchObject({ cause: "toolchain", recorded: { status: "compile-error" }, redone: { status: "passed" } });
  });
});

describe("what else replay tells", () => {
  it("is how the run would have gone under another policy, without a guess", async () => {
    for (const file of ["model_policy.toml", "candidates.toml"]) {
      const text = await readFile(join(ROOT, "policy", file), "utf8");
      await writeFile(
        join(cwd, file),
        text.replace(/(\n\[reflex\]\n[\s\S]*?\nmax_attempts = )2/, (_, head: string) => `${head}3`),
      );
    }
    const { code, model } = await replayed(sampleOf("default"), ["--policy", "model_policy.toml"]);
    expect(code).toBe(0);
    const [suggestions, nop, oracle] = model.counterfactual?.candidates ?? [];
    // Nobody made a third reflex attempt in this run: where one would have been made, the end is unknown.
    expect(suggestions?.changed).toBe(suggestions?.unknown);
    expect(nop).toMatchObject({ trials: 4, unknown: 3, changed: 3 });
    expect(oracle).toMatchObject({ unknown: 0, changed: 0 });
  });

  it("is how two capsules differ on the tasks that both have", async () => {
    const same = await replayed(sampleOf("default"), ["--compare", sampleOf("default")]);
    expect(same.model.comparison).toMatchObject({ sharedTasks: 4, differences: [] });
    const other = await replayed(sampleOf("default"), ["--compare", sampleOf("capability")]);
    expect(other).toMatchObject({ code: 0, model: { comparison: { sharedTasks: 0 } } });
  });

  it("is what can't be said where the suite is another one", async () => {
    const { code, model } = await replayed(sampleOf("default"), ["--suite", "crate-apis-v1"]);
    expect(code).toBe(0);
    expect(model.outcome).toBe("partly");
    expect(model.levels.filter(({ status }) => status === "not-reconstructable").map(({ name }) => name)).toEqual(["prompts", "patches"]);
  });

  it("is one line a fact on a terminal, with nothing on stdout but that", async () => {
    const end = await bakeoff(["replay", sampleOf("resumed"), "--out", "seen"], { cwd });
    expect(end.stdout.split("\n")[0]).toMatch(/^PARTLY PROVEN: /);
    expect(end.stdout).toMatch(/These \d+ steps cannot be fully reconstructed:/);
    expect(end.stdout.split("\n").every((line) => [...line].length <= 110)).toBe(true);
    expect(end.stderr).toContain(join("seen", "replay_report.html"));
  });
});

it("makes every other report from a sample too, each into files of its own", async () => {
  const end = await bakeoff(["report", sampleOf("default"), "--format", REPORT_FORMAT_NAMES.join(","), "--out", "all"], { cwd });
  expect(end.code, end.stderr).toBe(0);
  const names = await readdir(join(cwd, "all"));
  expect(names).toEqual(expect.arrayContaining(["report.md", "report.html", "trials.csv", "report.json", "report.svg", "junit.xml"]));
  expect(names.filter((name) => /^2026-.*_[0-9a-f]{22}\.json$/.test(name))).toHaveLength(3);
  expect(await bakeoff(["report", sampleOf("default"), "--format", "pdf"], { cwd })).toMatchObject({ code: 2 });
});
