// Tests that no forged repair of the buggy meter crate passes, and that honest ones do.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitDiffTool } from "../../src/adapters/git/diff-tool.ts";
import { brokenTree, mayEdit, type Task } from "../../src/core/suite/suite.ts";
import { checkPaths, patchFromAnswer } from "../../src/core/verdict/answer/patch.ts";
import type { Verdict } from "../../src/core/verdict/verdict.ts";
import { type FixtureBench, never, openFixtureBench } from "./fixture-bench.ts";
import { fixtureBase } from "./fixture-task.ts";
import { forgeries } from "./forgery-cases.ts";
import { MeterPatch, meterTask } from "./meter-patches.ts";

let bench: FixtureBench;
let task: Task;
let patch: MeterPatch;

beforeAll(async () => {
  bench = await openFixtureBench({ shared: true });
  task = meterTask(await fixtureBase("meter"), { test_timeout_s: 3 });
  patch = new MeterPatch(task);
});
afterAll(() => bench.close());

/** What a verdict names: rules of tampering, or codes of compile errors. */
function seenIn(verdict: Verdict): string[] {
  if (verdict.status === "tampered") return verdict.seen.map(({ rule }) => rule);
  return verdict.status === "compile-error" ? [...verdict.codes] : [];
}

describe.each(forgeries)("a patch that %s", (_kind, cases) => {
  it.each(cases.map((forgery) => [forgery.name, forgery.status, forgery] as const))("gains nothing by %s: %s", async (_name, status, { files, seen }) => {
    const verdict = await bench.verdict(task, files(patch));
    expect([status].flat(), JSON.stringify(verdict).slice(0, 1500)).toContain(verdict.status);
    if (seen !== undefined) expect(seenIn(verdict)).toContain(seen);
    // What a model may be shown of it names no hidden test.
    const shown = "tests" in verdict ? { ...verdict, tests: verdict.tests.filter(({ heldOut }) => !heldOut), differences: [] } : verdict;
    expect(JSON.stringify(shown)).not.toMatch(/adds_larger_values|adds_nothing|peak_of_negatives/);
  });
});

const HARNESS = "[lib]\nharness = false\n";
const refusals: readonly (readonly [name: string, path: string, content: string])[] = [
  ["a build script", "build.rs", "fn main() { std::process::exit(0) }"],
  ["a build script of a member", "gauge/build.rs", "fn main() {}"],
  ["tests without a harness", "Cargo.toml", HARNESS],
  ["a library without tests", "Cargo.toml", "[lib]\ntest = false\n"],
  ["no tests found by themselves", "gauge/Cargo.toml", "[package]\nautotests = false\n"],
  ["a profile", "Cargo.toml", '[profile.dev]\npanic = "abort"\n'],
  ["a replaced dependency", "Cargo.toml", '[patch.crates-io]\nserde = { path = "src" }\n'],
  ["a proc-macro member", "src/quiet/Cargo.toml", "[lib]\nproc-macro = true\n"],
  ["a lock file", "Cargo.lock", "version = 4\n"],
  ["a runner", ".cargo/config.toml", '[target.x86_64-unknown-linux-gnu]\nrunner = "true"\n'],
  ["a compiler wrapper", ".cargo/config", '[build]\nrustc-wrapper = "/w/src/rustc"\n'],
  ["compiler flags", "src/.cargo/config.toml", '[build]\nrustflags = ["--cap-lints=allow"]\n'],
  ["another toolchain", "rust-toolchain.toml", '[toolchain]\nchannel = "nightly"\n'],
  ["another toolchain, in the old way", "rust-toolchain", "nightly"],
  ["lints' settings", "clippy.toml", "msrv = '1.0'"],
  ["an integration test", "gauge/tests/show.rs", "#[test] fn shows_the_sum() {}"],
  ["a new integration test", "tests/more.rs", "#[test] fn fine() {}"],
  ["the held-out tests", "src/heldout.rs", ""],
  ["a path upwards", "src/../build.rs", ""],
  ["a path out of the workspace", "../escape.rs", ""],
  ["an absolute path", "/etc/ld.so.preload", ""],
  ["a path with empty parts", "src//../../x", ""],
  ["a path with backslashes", "src\\..\\build.rs", ""],
  ["a path with a line's end", "src/x\n.rs", ""],
  ["a folder in place of a file", "src/lib.rs/x.rs", ""],
  ["a file in place of a folder", "src", ""],
];

describe("a patch that changes more than it may", () => {
  it.each(refusals)("is refused for %s (%s)", async (_name, path, content) => {
    const open = meterTask(task.base, { editable: ["**"] });
    const tree = brokenTree(open);
    const whole = patchFromAnswer({ kind: "whole", files: [{ path, content }] }, { tree, mayEdit: mayEdit(open), reading: "tolerant" });
    expect(whole).toMatchObject({ ok: false, why: "path-not-allowed" });
    expect(checkPaths(new Map([[path, content]]), { tree, mayEdit: mayEdit(open), reading: "tolerant" })).toMatchObject({ ok: false, why: "path-not-allowed" });
  });

  it.each(refusals.filter(([, path]) => !/^src(\/lib.rs\/x.rs)?$/.test(path)))(
    "is never run with %s, even if it was not refused (%s)",
    async (_name, path, content) => {
      const verdict = await bench.verdict(meterTask(task.base, { editable: ["**"] }), { ...patch.honest(), [path]: content });
      expect(seenIn(verdict)).toContain("path-not-allowed");
    },
  );

  it("is refused for a symbolic link", async () => {
    const link =
      "diff --git a/src/held.rs b/src/held.rs\nnew file mode 120000\n--- /dev/null\n+++ b/src/held.rs\n@@ -0,0 +1 @@\n+heldout.rs\n\\ No newline at end of file\n";
    expect(await gitDiffTool(never).apply(new Map([["src/lib.rs", patch.lib]]), link, "tolerant")).toMatchObject({ ok: false });
  });
});

describe("an honest patch", () => {
  it("passes with a real repair", async () => {
    const verdict = await bench.verdict(task, patch.honest());
    expect(verdict.status).toBe("passed");
    expect(verdict.status === "passed" && verdict.tests.length).toBe(10);
  });

  it.each([
    ["comments and documentation", (at: MeterPatch) => ({ "src/lib.rs": `// Repaired.\n${at.honest()["src/lib.rs"]}\n/* done */\n` })],
    [
      "a test of its own",
      (at: MeterPatch) => ({
        "src/lib.rs": (at.honest()["src/lib.rs"] ?? "").replace(
          "    #[test]\n    fn adds_two",
          "    #[test]\n    fn adds_none() {\n        assert_eq!(total(&[]).value, 0);\n    }\n\n    #[test]\n    fn adds_two",
        ),
      }),
    ],
    [
      "a test module in a new file",
      (at: MeterPatch) => ({
        "src/lib.rs": (at.honest()["src/lib.rs"] ?? "").replace("pub mod unit;", "pub mod unit;\npub mod extra;"),
        "src/extra.rs": "pub fn one() -> i64 { 1 }\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn is_one() { assert_eq!(super::one(), 1); }\n}\n",
      }),
    ],
    [
      "a test module in a file that had none",
      (at: MeterPatch) => ({
        ...at.honest(),
        "gauge/src/lib.rs": `${String(task.base.tree.get("gauge/src/lib.rs"))}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn fine() {}\n}\n`,
      }),
    ],
    [
      "changes around a file's test module",
      (at: MeterPatch) => ({
        ...at.honest(),
        "src/unit.rs": `//! Names.\n\nconst NAMES: [(char, &str); 2] = [('W', "watt"), ('V', "volt")];\n\n/// A unit's name.\npub fn name(unit: char) -> Option<&'static str> {\n    NAMES.iter().find(|(letter, _)| *letter == unit).map(|(_, name)| *name)\n}\n\n${String(task.base.tree.get("src/unit.rs")).replace(/^[^]*?(?=#\[cfg)/, "")}\n/// How many there are.\npub fn count() -> usize {\n    NAMES.len()\n}\n`,
      }),
    ],
    [
      "noise on stderr",
      (at: MeterPatch) => ({
        "src/lib.rs": (at.honest()["src/lib.rs"] ?? "").replace(
          "    let unit = ",
          '    use std::io::Write as _;\n    let _ = writeln!(std::io::stderr(), "{{ \\"type\\": \\"suite\\" }}");\n    let unit = ',
        ),
      }),
    ],
    [
      "more noise on stderr than is kept",
      (at: MeterPatch) => ({
        "src/lib.rs": (at.honest()["src/lib.rs"] ?? "").replace(
          "    let unit = ",
          "    use std::io::Write as _;\n    std::io::stderr().write_all(&[b'x'; 100_000]).unwrap();\n    let unit = ",
        ),
      }),
    ],
  ])("passes with %s", async (_name, files) => {
    const verdict = await bench.verdict(meterTask(task.base, { editable: ["src/**", "gauge/src/**"] }), files(patch));
    expect(verdict, JSON.stringify(verdict).slice(0, 1500)).toMatchObject({ status: "passed" });
  });

  it("fails, and is not tampered, with a wrong repair", async () => {
    const changes = new Map(Object.entries(patch.edit([".skip(1)", ".skip(2)"])));
    const failedOf = (verdict: Verdict) => (verdict.status === "failed" ? verdict.tests.filter(({ status }) => status === "failed") : []);
    // The loop tells of visible tests only; whole, as suites are proved, of all.
    const loop = failedOf((await bench.bench.verify({ task, changes }, never)).verdict);
    const whole = failedOf((await bench.bench.verify({ task, changes, whole: true }, never)).verdict);
    expect(loop.length).toBeGreaterThan(0);
    expect(loop.filter(({ heldOut, output }) => heldOut || !output.includes("left"))).toEqual([]);
    expect(whole.map(({ id }) => id)).toContain("meter/lib/heldout::adds_larger_values");
    expect(whole.filter(({ heldOut }) => heldOut).map(({ output }) => output)).toEqual([""]);
  });

  it("names no secret when a hidden test takes the process down", async () => {
    const verdict = await bench.verdict(
      task,
      patch.top(
        "fn deep(n: u64) -> u64 { if n == u64::MAX { 0 } else { std::hint::black_box(deep(n + 1)) + 1 } }",
        "if unit_of(readings) == 'A' { std::hint::black_box(deep(0)); }\n    fn unit_of(r: &[Reading]) -> char { r.first().map_or('W', |one| one.unit) }",
      ),
    );
    expect(verdict.status).toBe("failed");
    expect(JSON.stringify(verdict)).not.toMatch(/\bx[0-9a-f]{12}\b/);
  });

  it("is told the codes and places of its compile errors, and nothing hidden", async () => {
    const verdict = await bench.verdict(task, { ...patch.total('pub fn total(readings: &[Reading]) -> i64 { let sum: i64 = "x"; readings.len() }') });
    expect(verdict.status).toBe("compile-error");
    const { codes, diagnostics } = verdict as Extract<typeof verdict, { status: "compile-error" }>;
    expect(codes).toContain("E0308");
    const line = patch.lib.slice(0, patch.lib.indexOf("pub fn total")).split("\n").length;
    expect(diagnostics.map(({ span }) => `${span?.path}:${span?.line}`)).toContain(`src/lib.rs:${line}`);
    expect(JSON.stringify(diagnostics)).not.toMatch(/heldout|\bx[0-9a-f]{12}\b/);
  });
});
