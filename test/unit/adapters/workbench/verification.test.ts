// Tests of what a patch is laid as, and of the verdict from what the sandbox brought back.
import { describe, expect, it } from "vitest";
import { BASE_FORMAT, type BaseMeta, type InventoryTest } from "../../../../src/adapters/workbench/base-meta.ts";
import { stepsFor, type VerifySteps } from "../../../../src/adapters/workbench/steps.ts";
import type { JobOutput, StageOutput, StepOutput } from "../../../../src/adapters/sandbox/sandbox.ts";
import {
  cutNotes,
  isAboutCompileTime,
  judgedBinaries,
  preparePatch,
  staleTargets,
  verdictOf,
  type VerdictTerms,
} from "../../../../src/adapters/workbench/verification.ts";
import { PROTOCOLS } from "../../../../src/core/verdict/protocol.ts";
import { treeDigest } from "../../../../src/core/suite/suite.ts";
import { fixtureTask } from "../../../sandbox/fixture-task.ts";

const TESTS = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() { assert_eq!(super::one(), 1); }\n}\n";
const tree = new Map([
  ["Cargo.toml", ""],
  ["a/src/lib.rs", `pub fn one() -> u8 { 1 }\n${TESTS}`],
  ["a/src/plain.rs", "pub fn two() {}\n"],
  ["b/src/lib.rs", ""],
  ["shared.rs", "// x\n"],
]);
const base = { name: "m", tree, digest: treeDigest(tree), hidden: [], protected: [] };
const task = fixtureTask(base, [{ path: "a/src/lib.rs", search: "{ 1 }", replace: "{ 2 }" }], { editable: ["a/**", "shared.rs"], test_timeout_s: 5 });

const test = (name: string, role: InventoryTest["role"], origin: string | null = null): InventoryTest => ({ name, id: `a/lib/${name}`, role, origin });
const binary = {
  member: "a",
  target: "lib",
  exe: "debug/deps/a-1",
  cwd: "a",
  tests: [test("tests::one", "visible"), test("tests::xsecret", "sentinel", "tests::one")],
};
const member = (name: string, dependents: string[]) => ({
  name,
  dir: name,
  dependents,
  procMacro: false,
  env: {},
  fingerprints: [`debug/.fingerprint/${name}-1`],
});
const meta: BaseMeta = {
  format: BASE_FORMAT,
  key: "k",
  forbidUnsafe: true,
  vendor: null,
  members: [member("a", ["a", "b"]), member("b", ["b"])],
  binaries: [binary, { member: "b", target: "test:t", exe: "debug/deps/t-1", cwd: "b", tests: [{ ...test("t", "unjudged"), id: "b/test:t/t" }] }],
  programs: [],
  observed: null,
  alone: ["a"],
  compileTime: ["b/src/lib.rs"],
  hide: ["a/src/lib.rs"],
  secrets: ["xsecret"],
};
const judging = { task, meta, protocol: PROTOCOLS.evidence };
const instrumented = (path: string): string | null =>
  path === "a/src/lib.rs" ? `pub fn one() -> u8 { 1 }\n${TESTS.replace("}\n}", "} #[test] fn xsecret() {}\n}")}` : null;

describe("layPatch", () => {
  it("writes the break with the prepared base's test modules, and names the tree without them", () => {
    const laid = preparePatch(judging, new Map(), instrumented);
    expect(laid.write.get("a/src/lib.rs")).toContain("xsecret");
    expect(laid.write.get("a/src/lib.rs")).toContain("{ 2 }");
    expect([laid.tampered, laid.remove, [...laid.affected]]).toEqual([[], [], ["a", "b"]]);
    expect(preparePatch(judging, new Map([["a/src/lib.rs", String(tree.get("a/src/lib.rs"))]]), instrumented).treeHash).toBe(base.digest);
  });

  it("takes test modules out of files that had none, and out of new files", () => {
    const more = "pub fn two() {}\n#[cfg(test)]\nmod tests { #[test] fn more() {} }\n";
    const laid = preparePatch(
      judging,
      new Map([
        ["a/src/plain.rs", more],
        ["a/src/fresh.rs", more],
      ]),
      instrumented,
    );
    expect([...laid.write].filter(([path]) => path !== "a/src/lib.rs").map(([path, text]) => [path, text.includes("#[test]")])).toEqual([
      ["a/src/plain.rs", false],
      ["a/src/fresh.rs", false],
    ]);
  });

  it.each(["../out.rs", "/etc/passwd", "Cargo.toml", "b/src/lib.rs", "a/build.rs"])("never writes %s", (path) => {
    const laid = preparePatch(judging, new Map([[path, "x"]]), instrumented);
    expect([...laid.write.keys()]).toEqual(["a/src/lib.rs"]);
    expect(laid.tampered).toMatchObject([{ rule: "path-not-allowed" }]);
  });

  it("builds every member anew for a file that lies in none", () => {
    const alone = fixtureTask(base, [{ path: "shared.rs", search: "x", replace: "y" }], { editable: ["shared.rs"] });
    const laid = preparePatch({ ...judging, task: alone }, new Map(), instrumented);
    expect([...laid.affected].toSorted()).toEqual(["a", "b"]);
  });

  it("has fingerprints and binaries of the affected members removed", () => {
    expect(staleTargets(meta, new Set(["b"]))).toEqual(["target/debug/.fingerprint/b-1", "target/debug/deps/t-1"]);
  });

  it("runs only binaries with a judged test", () => {
    expect(judgedBinaries(task, meta).map(({ member: name }) => name)).toEqual(["a"]);
  });
});

const event = (name: string, how: string): string =>
  `{ "type": "test", "event": "started", "name": "${name}" }\n{ "type": "test", "name": "${name}", "event": "${how}", "stdout": "thread '${name}' (17) panicked at x\\nnote: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace\\n" }\n`;
const START = '{ "type": "suite", "event": "started", "test_count": 2 }\n';
const end = (passed: number, failed: number): string =>
  `{ "type": "suite", "event": "${failed > 0 ? "failed" : "ok"}", "passed": ${passed}, "failed": ${failed}, "ignored": 0, "measured": 0, "filtered_out": 0, "exec_time": 0.1 }\n`;
const right = `${START}${event("tests::one", "ok")}${event("tests::xsecret", "failed")}${end(1, 1)}`;
const wrong = `${START}${event("tests::one", "failed")}${event("tests::xsecret", "failed")}${end(0, 2)}`;

const stage = (code: number, stdout = "", more: Partial<StageOutput> = {}): StageOutput => ({
  walled: true,
  code,
  seconds: 1,
  stdout,
  stderr: "",
  cutBytes: 0,
  record: null,
  ...more,
});
const NO_TIMES = { setupMs: 0, buildMs: 0, testMs: 0, totalMs: 0 };
const ONE: VerifySteps = [{ build: "workspace", binaries: [binary] }];
const judge = (run: StageOutput | null, build: StageOutput | null = stage(0)) =>
  verdictOf(judging, ONE, { build, tests: [run], next: null, times: NO_TIMES } satisfies JobOutput);

describe("verdictOf", () => {
  it.each([
    ["passed", stage(101, right)],
    ["failed", stage(101, wrong)],
    ["tampered", stage(0, right)],
    ["failed", stage(0, "")],
    ["tampered", null],
    ["passed", stage(101, `noise${right}`, { cutBytes: 7 })],
  ] as const)("is %s by the binary's results (%#)", (status, run) => {
    expect(judge(run).status).toBe(status);
  });

  it("calls a kill a timeout only when the time was up", () => {
    expect(judge(stage(137, START, { seconds: 5.01 }))).toEqual({ status: "timeout", phase: "test", limitS: 5 });
    expect(judge(stage(137, START, { seconds: 1 })).status).toBe("failed");
    expect(judge(null, stage(137, "", { seconds: 60 }))).toEqual({ status: "timeout", phase: "compile", limitS: 60 });
    expect(judge(null, stage(137, "", { seconds: 3 })).status).toBe("compile-error");
  });

  it("calls a wall that does not stand a failure of ours, and nothing else", () => {
    expect(judge(stage(1, "", { walled: false, stderr: "bwrap: Can't mount proc" })).status).toBe("infrastructure");
    expect(judge(null, stage(125, "", { walled: false, stderr: "wall: seccomp" })).status).toBe("infrastructure");
    // Any code and any words can be those of a patch, once the wall stands.
    for (const code of [1, 125, 126, 127]) expect(judge(stage(code, "", { stderr: "bwrap: wall: setpriv: can't" })).status).toBe("failed");
  });

  it("calls a missing build result, and a task that judges nothing, a failure of ours", () => {
    expect(judge(stage(101, right), null).status).toBe("infrastructure");
    const none = { build: stage(0), tests: [], next: null, times: NO_TIMES };
    expect(verdictOf(judging, [{ build: "workspace", binaries: [] }], none).status).toBe("infrastructure");
  });

  it("never passes a binary that died, even after the last test", () => {
    const died = right.slice(0, right.lastIndexOf('{ "type": "suite"'));
    expect(judge(stage(134, died)).status).toBe("failed");
    expect(judge(stage(134, `${died}\nthread 'x' panicked at y\n`)).status).toBe("failed");
    expect(judge(stage(0, `${died}\nthread 'x' panicked at y\n`)).status).toBe("failed");
  });

  it("puts tampering before a timeout of another binary", () => {
    const both = verdictOf(judging, [{ build: "workspace", binaries: [binary, binary] }], {
      build: stage(0),
      tests: [stage(137, "", { seconds: 6 }), stage(0, right)],
      next: null,
      times: NO_TIMES,
    });
    expect(both.status).toBe("tampered");
  });

  it("shows a visible test's output without what differs from run to run, and no secret name", () => {
    expect(judge(stage(101, wrong))).toMatchObject({
      tests: [{ id: "a/lib/tests::one", output: "thread 'tests::one' panicked at x\n" }],
    });
    const crashed = judge(
      stage(134, `${START}{ "type": "test", "event": "started", "name": "tests::one" }\n`, { stderr: "thread 'tests::xsecret' (4) has overflowed its stack" }),
    );
    expect(crashed.status).toBe("failed");
    expect(JSON.stringify(crashed)).not.toMatch(/xsecret|\(4\)/);
  });

  it("tells of a build that failed without a message, but not what names a secret", () => {
    expect(judge(null, stage(101, "", { stderr: "error: no space" }))).toMatchObject({
      status: "compile-error",
      codes: ["none"],
      diagnostics: [{ message: "error: no space" }],
    });
    expect(judge(null, stage(101, "", { stderr: "error: xsecret" }))).toMatchObject({ status: "compile-error", codes: ["none"], diagnostics: [] });
  });
});

describe("two steps", () => {
  const second = { ...binary, member: "b", target: "test:t" };
  const steps: VerifySteps = [
    { build: ["a"], binaries: [binary] },
    { build: "workspace", binaries: [second] },
  ];
  const ran = (run: StageOutput, next: StepOutput | null) => verdictOf(judging, steps, { build: stage(0), tests: [run], next, times: NO_TIMES });

  it("end with the first that does not pass, and say what was not run", () => {
    expect(ran(stage(101, wrong), null)).toMatchObject({ status: "failed", notRun: ["b/test:t"] });
    expect(ran(stage(101, wrong), null)).toMatchObject({ tests: [{ id: "a/lib/tests::one" }] });
    expect(ran(stage(101, right), { build: stage(101), tests: [null] }).status).toBe("compile-error");
    expect(ran(stage(101, right), { build: stage(0), tests: [stage(101, wrong)] })).not.toHaveProperty("notRun");
  });

  it("pass where both do, with the tests of both", () => {
    const both = ran(stage(101, right), { build: stage(0), tests: [stage(101, right)] });
    expect(both).toMatchObject({ status: "passed", tests: [{}, {}] });
    const compiled: VerifySteps = [steps[0], { build: "workspace", binaries: [] }];
    const output = { build: stage(0), tests: [stage(101, right)], next: { build: stage(0), tests: [] }, times: NO_TIMES };
    expect(verdictOf(judging, compiled, output)).toMatchObject({ status: "passed", tests: [{}] });
  });

  it("never pass by the first alone", () => {
    expect(ran(stage(101, right), null).status).toBe("infrastructure");
  });

  it("begin with the changed packages, where these give the same binaries alone", () => {
    const [own, other] = [binary, second];
    const judged = [own, other];
    const names = (owners: readonly string[], affected: readonly string[], alone: readonly string[]) =>
      stepsFor({ ...meta, alone: [...alone] }, { owners: new Set(owners), affected: new Set(affected) }, judged).map(({ build, binaries }) => [
        build,
        binaries.length,
      ]);
    expect(names(["a"], ["a", "b"], ["a"])).toEqual([
      [["a"], 1],
      ["workspace", 1],
    ]);
    expect(names(["a"], ["a"], ["a"])).toEqual([
      [["a"], 1],
      ["none", 1],
    ]);
    expect(names(["a"], ["a", "b"], ["b"])).toEqual([["workspace", 2]]);
    expect(names(["c"], ["c", "a"], ["c"])).toEqual([["workspace", 2]]);
    expect(names(["a", "b"], ["a", "b"], ["a", "b"])).toEqual([["workspace", 2]]);
  });
});

describe("a patch that no longer derives how a type compares", () => {
  const path = "a/src/plain.rs";
  const typed = { ...base, tree: new Map([...base.tree, [path, "#[derive(Debug, PartialEq)] pub struct Two;\n"]]) };
  const by = (protocol: VerdictTerms["protocol"]) =>
    preparePatch({ ...judging, protocol, task: { ...task, base: typed } }, new Map([[path, "pub struct Two;\n"]]), instrumented);

  it("has a note, and nothing of it in a verdict, by whatever protocol", () => {
    expect(by(judging.protocol)).toMatchObject({ tampered: [], notes: [{ rule: "derive-removed" }] });
    expect(by(PROTOCOLS["two-builds"])).toMatchObject({ tampered: [], notes: [] });
  });
});

describe("an older protocol", () => {
  const strictly = { ...judging, protocol: PROTOCOLS["two-builds"] };
  const run = (output: StageOutput) => verdictOf(strictly, ONE, { build: stage(0), tests: [output], next: null, times: NO_TIMES });

  it("is judged as it was: by static rules, by any line that is no event, and by the size of the output", () => {
    const exiting = new Map([["a/src/plain.rs", "pub fn two() { std::process::exit(0) }\n"]]);
    expect(preparePatch(strictly, exiting, instrumented)).toMatchObject({ tampered: [{ rule: "process-exit" }], notes: [] });
    expect(preparePatch(judging, exiting, instrumented)).toMatchObject({ tampered: [], notes: [{ rule: "process-exit" }] });
    expect(run(stage(101, right)).status).toBe("passed");
    for (const output of [stage(101, `noise${right}`), stage(0, ""), stage(101, `${right}${"x".repeat(8_000_000)}`)])
      expect(run(output).status).toBe("tampered");
  });
});

describe("what was not kept", () => {
  it("is said of each binary, and of the build", () => {
    const output = { build: stage(0, "", { cutBytes: 3 }), tests: [stage(101, right, { cutBytes: 7 })], next: null, times: NO_TIMES };
    expect(cutNotes(ONE, output)).toEqual([
      { rule: "output-cut", detail: "the build: 3 bytes of output were left out" },
      { rule: "output-cut", detail: "a/lib: 7 bytes of output were left out" },
    ]);
    expect(cutNotes(ONE, { ...output, build: stage(0), tests: [null] })).toEqual([]);
  });
});

describe("code that runs while other code compiles", () => {
  const open = fixtureTask(base, [{ path: "a/src/lib.rs", search: "{ 1 }", replace: "{ 2 }" }], { editable: ["a/**", "b/**"] });
  const change = new Map([["b/src/lib.rs", "// changed\n"]]);

  it("is out of a patch's reach, unless the task is about it", () => {
    expect(preparePatch({ ...judging, task: open }, change, instrumented).tampered).toMatchObject([{ rule: "compile-time-code" }]);
    expect(preparePatch({ ...judging, task: open }, new Map([["b/src/lib.rs", ""]]), instrumented).tampered).toEqual([]);
    const about = { ...judging, task: open, meta: { ...meta, compileTime: ["a/src/lib.rs", "b/src/lib.rs"] } };
    expect(preparePatch(about, change, instrumented).tampered).toEqual([]);
    expect([isAboutCompileTime(open, ["b/src/lib.rs"]), isAboutCompileTime(open, ["a/src/lib.rs"])]).toEqual([false, true]);
  });
});
