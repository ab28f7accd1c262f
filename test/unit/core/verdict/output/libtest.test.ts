// Tests of the strict reader of libtest's JSON, on recorded output of rustc 1.95.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLibtest } from "../../../../../src/core/verdict/output/libtest.ts";
import type { ExpectedTest, LibtestOutcome } from "../../../../../src/core/verdict/output/libtest.ts";

function recorded(name: string): string {
  return readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), "utf8");
}

function visible(name: string): ExpectedTest {
  return { name, id: `a/lib/${name}`, role: "visible", origin: null };
}

function sentinel(name: string, origin: string | null): ExpectedTest {
  return { name, id: `a/lib/${name}`, role: "sentinel", origin };
}

const mixed = recorded("libtest-mixed");
const oneThread = recorded("libtest-one-thread");
const names = ["death", "fails", "ig", "igr", "ok_one", "raw_out", "res", "sp_bad", "sp_ok", "sp_wrong"];
const expected = names.map((name) => visible(`tests::${name}`));

/** As runs of older protocols were read. */
function read(stdout: string, code: number | null = 101, tests = expected): LibtestOutcome {
  return readLibtest(stdout, { code, signal: code === null ? "SIGSEGV" : null }, tests, { foreignOutput: "violation" });
}

function judged(stdout: string, code: number | null = 101, tests = expected): LibtestOutcome {
  return readLibtest(stdout, { code, signal: code === null ? "SIGSEGV" : null }, tests, { foreignOutput: "output" });
}

function rules(outcome: LibtestOutcome): string[] {
  return [...new Set(outcome.tampered.map(({ rule }) => rule))];
}

function statuses(outcome: LibtestOutcome): string {
  return outcome.tests.map(({ status }) => status).join(" ");
}

function line(fields: object): string {
  return `${JSON.stringify(fields)}\n`;
}

const lineOfStart = (testCount: number): string => line({ type: "suite", event: "started", test_count: testCount });

/** Output of a suite in which each test ends as given. */
function suite(ends: Readonly<Record<string, "ok" | "failed" | "ignored">>): string {
  const all = Object.entries(ends);
  const count = (event: string) => all.filter(([, end]) => end === event).length;
  const summary = { passed: count("ok"), failed: count("failed"), ignored: count("ignored"), measured: 0, filtered_out: 0, exec_time: 0.1 };
  return [
    line({ type: "suite", event: "started", test_count: all.length }),
    ...all.flatMap(([name, event]) => [line({ type: "test", event: "started", name }), line({ type: "test", name, event })]),
    line({ type: "suite", event: count("failed") > 0 ? "failed" : "ok", ...summary }),
  ].join("");
}

describe("readLibtest on recorded output", () => {
  it.each([
    ["in parallel", mixed],
    ["on one thread", oneThread],
  ])("reads a mixed suite run %s", (_name, stdout) => {
    const outcome = read(stdout);
    expect(outcome).toMatchObject({ tampered: [], crashed: false });
    expect(statuses(outcome)).toBe("passed failed ignored ignored passed passed failed failed passed failed");
  });

  it("keeps the order and ids of the expected tests", () => {
    expect(read(mixed).tests.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });

  it("keeps captured output without thread ids, and should_panic messages", () => {
    const outputs = read(oneThread).tests.map(({ output }) => output);
    expect(outputs[1]).toContain("out\n\nthread 'tests::fails' panicked at a.rs:5:43:\nassertion `left == right` failed: boo");
    expect(outputs[7]).toBe("test did not panic as expected at a.rs:7:32");
    expect(outputs[9]).toContain("zzz");
    expect(outputs[9]).toContain('expected substring: "abc"');
    expect(outputs[0]).toBe("");
  });

  it("reads a suite in which all pass", () => {
    const outcome = read(recorded("libtest-one-passes"), 0, [visible("tests::ok_one")]);
    expect([statuses(outcome), outcome.tampered]).toEqual(["passed", []]);
  });

  it("reports output that bypasses capture", () => {
    expect(rules(read(recorded("libtest-glued")))).toEqual(["unparsable-line", "counts", "unfinished-test"]);
  });

  it.each([
    ["a signal", null],
    ["the shell's code for SIGABRT", 134],
    ["the shell's code for SIGSEGV", 139],
  ])("takes a death by %s as a plain failure", (_name, code) => {
    const outcome = read(recorded("libtest-aborted"), code);
    expect(outcome).toMatchObject({ tampered: [], crashed: true });
    expect(statuses(outcome)).toBe(`failed${" missing".repeat(9)}`);
  });

  it.each([128, 160, 255])("takes no code beyond those of signals for a death: %d", (code) => {
    expect(rules(read(recorded("libtest-exit-zero"), code))).toEqual(["early-exit"]);
  });

  it.each([129, 159])("takes the shell's code of a signal for a death: %d", (code) => {
    expect(read(recorded("libtest-exit-zero"), code)).toMatchObject({ tampered: [], crashed: true });
  });

  it.each([0, 3, 1, 127])("reports an early exit with code %d", (code) => {
    const outcome = read(recorded("libtest-exit-zero"), code);
    expect([rules(outcome), outcome.crashed]).toEqual([["early-exit"], false]);
  });

  it("takes an early exit with code 101 as a plain failure", () => {
    expect(read(recorded("libtest-exit-zero"), 101)).toMatchObject({ tampered: [], crashed: true });
  });

  it("tolerates a line torn by a death, not by an exit", () => {
    const torn = oneThread.slice(0, 300);
    expect(rules(read(torn, null))).toEqual([]);
    expect(rules(read(torn, 0))).toEqual(["unparsable-line", "early-exit"]);
  });
});

describe("readLibtest reports", () => {
  const ends = { a: "ok", b: "ok", s: "failed" } as const;
  const tests = [visible("a"), { ...visible("b"), role: "held-out" as const }, sentinel("s", "a")];
  const good = suite(ends);
  const started = line({ type: "test", event: "started", name: "a" });
  const ok = line({ type: "test", name: "a", event: "ok" });

  it("nothing about a clean run", () => {
    const outcome = read(good, 101, tests);
    expect([outcome.tampered, statuses(outcome)]).toEqual([[], "passed passed"]);
  });

  it.each([
    ["a text line", "unparsable-line", `hello\n${good}`],
    ["an empty line", "unparsable-line", good.replace(started, `\n${started}`)],
    ["a line with carriage return", "unparsable-line", good.replace("\n", "\r\n")],
    ["an unknown key", "unparsable-line", good.replace('"name":"a","event":"ok"', '"name":"a","event":"ok","x":1')],
    ["an inherited key", "unparsable-line", good.replace('"name":"a","event":"ok"', '"name":"a","event":"ok","constructor":"x"')],
    ["an unknown event", "unparsable-line", good + line({ type: "test", event: "passed", name: "a" })],
    ["a bench event", "unparsable-line", good.replace(ok, line({ type: "bench", name: "a", median: 1, deviation: 1 }))],
    ["a negative time", "unparsable-line", good.replace('"event":"ok"}', '"event":"ok","exec_time":-1}')],
    ["a negative count", "unparsable-line", good.replace('"ignored":0', '"ignored":-1')],
    ["half a test", "unparsable-line", good.replace('"test_count":3', '"test_count":2.5')],
    ["a report with other fields", "unparsable-line", good + line({ type: "report", total_time: "long" })],
    ["an event without its name", "unparsable-line", good.replace('"event":"started","name":"a"', '"event":"started"')],
    ["an end before any start", "suite-start", good.split("\n").slice(-2).join("\n")],
    ["a failed suite in which none failed", "counts", suite({ a: "ok", b: "ok" }).replace('"suite","event":"ok"', '"suite","event":"failed"')],
    ["a blank before an event", "unparsable-line", good.replace(started, ` ${started}`)],
    ["a count that is no number", "unparsable-line", good.replace('"test_count":3', '"test_count":"3"')],
    ["an array line", "unparsable-line", `[]\n${good}`],
    ["a wrong test count", "test-count", good.replace('"test_count":3', '"test_count":4')],
    ["a second suite start", "suite-start", good.replace(started, line({ type: "suite", event: "started", test_count: 3 }) + started)],
    ["a test before the suite", "suite-start", started + good.replace(started, "")],
    ["an unknown test", "unknown-test", good.replaceAll('"name":"a"', '"name":"z"')],
    ["a test that ends twice", "duplicate-test", good.replace(ok, ok + ok)],
    ["a test that starts twice", "duplicate-test", good.replace(started, started + started)],
    ["a test that passes and fails", "duplicate-test", good.replace(ok, ok + ok.replace('"ok"', '"failed"'))],
    ["an end without start", "not-started", good.replace(started, "")],
    ["a test that never starts", "missing-test", good.replace(started, "").replace(ok, "")],
    ["a test that never ends", "unfinished-test", good.replace(ok, "")],
    ["a summary that counts differently", "counts", good.replace('"passed":2', '"passed":3')],
    ["a suite that is ok with failures", "counts", good.replace('"suite","event":"failed"', '"suite","event":"ok"')],
    ["an event after the end", "after-end", good + started],
    ["text after the end", "unparsable-line", `${good}bye`],
    ["a sentinel that passes", "sentinel-passed", suite({ ...ends, s: "ok" })],
    ["a sentinel that is ignored", "sentinel-passed", suite({ ...ends, s: "ignored" })],
    ["a sentinel that is missing", "sentinel-passed", suite({ a: "ok", b: "ok" })],
  ])("%s as %s", (_name, rule, stdout) => {
    expect(rules(read(stdout, 101, tests))).toContain(rule);
  });

  it.each([0, 1, 2, 102])("exit code %d beside a failed test", (code) => {
    expect(rules(read(good, code, tests))).toEqual(["exit-code"]);
  });

  it("exit code 101 when all pass", () => {
    expect(rules(read(suite({ a: "ok" }), 101, [visible("a")]))).toEqual(["exit-code"]);
  });

  it("a signal after the end", () => {
    expect(rules(read(good, null, tests))).toEqual(["exit-code"]);
  });

  it("an empty output as an early exit", () => {
    expect(rules(read("", 0, tests))).toEqual(["early-exit"]);
  });

  it("a passed sentinel even if the process dies after it", () => {
    const stdout = suite({ ...ends, s: "ok" })
      .split("\n")
      .slice(0, -2)
      .join("\n");
    expect(rules(read(`${stdout}\n`, null, tests))).toEqual(["sentinel-passed"]);
  });

  it("nothing about a twin that a death prevented from running", () => {
    expect(read(`${lineOfStart(3)}${started}${ok}`, null, tests).tampered).toEqual([]);
  });

  it("an early exit without a word on which of its tests had ended", () => {
    expect(read(`${lineOfStart(3)}${started}${ok}`, 0, tests).tests).toMatchObject([
      { status: "passed", output: "" },
      { status: "missing", output: "" },
    ]);
  });

  it("nothing about a twin whose original failed", () => {
    expect(read(suite({ a: "failed", b: "ok", s: "ok" }), 101, tests).tampered).toEqual([]);
  });

  it("a sentinel without original that passes, whatever else failed", () => {
    const outcome = read(suite({ a: "failed", s: "ok" }), 101, [visible("a"), sentinel("s", null)]);
    expect(rules(outcome)).toEqual(["sentinel-passed"]);
  });

  it("two expected tests of one name", () => {
    expect(rules(read(suite({ a: "ok" }), 0, [visible("a"), visible("a")]))).toContain("duplicate-test");
  });

  it("no more than 20 breaches, and no more than 200 characters of one", () => {
    expect(read("x\n".repeat(1000), 0).tampered).toHaveLength(20);
    expect(read(`${"x".repeat(1000)}\n`, 0).tampered[0]).toEqual({ rule: "unparsable-line", detail: "x".repeat(200) });
  });

  it("what is wrong, in words", () => {
    const details = (stdout: string, code = 101) => read(stdout, code, tests).tampered.map(({ detail }) => detail);
    expect(details(good.replace('"passed":2', '"passed":3'))).toEqual(["3 passed in the summary, 2 seen"]);
    expect(details(good.replace('"suite","event":"failed"', '"suite","event":"ok"'))).toEqual(["suite ok with 1 failed"]);
    expect(details(suite({ a: "ok", b: "ok", s: "failed" }).replace('"failed":1', '"failed":0'))).toEqual([
      "0 failed in the summary, 1 seen",
      "suite failed with 0 failed",
    ]);
    expect(details(good.replace('"test_count":3', '"test_count":4'))).toEqual(["4 tests instead of 3"]);
    expect(details(good, 1)).toEqual(["1 instead of 101"]);
    expect(details(suite({ a: "ok", b: "ok" }), 0)).toContain("a test that must fail is missing, beside a");
    expect(details(suite({ ...ends, s: "ok" }))).toContain("a test that must fail is passed, beside a");
  });
});

describe("readLibtest tolerates", () => {
  const stdout = suite({ a: "ok" });
  const passed = line({ type: "test", name: "a", event: "ok" });

  it.each([
    ["a timeout note", stdout.replace(passed, line({ type: "test", event: "timeout", name: "a" }) + passed)],
    ["a report at the end", stdout + line({ type: "report", total_time: 0.1, compilation_time: 0.05 })],
    ["times of single tests", stdout.replace('"event":"ok"}', '"event":"ok","exec_time":0.001}')],
    ["times of nothing at all", stdout.replace('"event":"ok"}', '"event":"ok","exec_time":0}')],
    ["a missing last line end", stdout.trimEnd()],
  ])("%s", (_name, text) => {
    expect(read(text, 0, [visible("a")])).toMatchObject({ tampered: [], tests: [{ status: "passed" }] });
  });

  it("an empty suite", () => {
    expect(read(suite({}), 0, [])).toEqual({ tests: [], tampered: [], crashed: false, foreign: "" });
  });
});

describe("readLibtest by evidence", () => {
  const ends = { a: "ok", b: "ok", s: "failed" } as const;
  const tests = [visible("a"), visible("b"), sentinel("s", "a")];
  const good = suite(ends);
  const started = line({ type: "test", event: "started", name: "a" });
  const ok = line({ type: "test", name: "a", event: "ok" });
  const lines = good.split("\n");
  const at = (index: number, text: string): string => lines.toSpliced(index, 0, text).join("\n");

  it.each([
    ["a text line", at(2, "hello"), "hello"],
    ["an empty line", at(2, ""), ""],
    ["a line that begins with a brace", at(2, '{"level":"INFO","type":"log"}'), '{"level":"INFO","type":"log"}'],
    ["an object like an event", at(2, '{ "type": "test", "event": "ok" }'), '{ "type": "test", "event": "ok" }'],
    ["text in front of an event", good.replace(ok, `noise${ok}`), "noise"],
    ["text behind an event", good.replace(ok, `${ok.trimEnd()}noise\n`), "noise"],
    ["an open brace in front of an event", good.replace(ok, `{"a": {${ok}`), '{"a": {'],
    ["the beginning of an event in front of one", good.replace(ok, `{ "type": "test", "name": "${ok}`), '{ "type": "test", "name": "'],
    ["text after the end", `${good}bye`, "bye"],
    ["ten megabytes on one line", good.replace(ok, `${"x".repeat(1e7)}${ok}`), "x".repeat(1500)],
  ])("takes %s as output", (_name, stdout, kept) => {
    const outcome = judged(stdout, 101, tests);
    expect([outcome.tampered, statuses(outcome), outcome.crashed]).toEqual([[], "passed passed", false]);
    expect(outcome.foreign).toContain(kept);
  });

  it("keeps what is no event as it was written, line by line and in order", () => {
    expect(judged(at(2, "one\n\ntwo"), 101, tests).foreign).toBe("one\n\ntwo");
    expect(judged(good.replace(ok, `a${ok.trimEnd()}b${line({ type: "test", event: "timeout", name: "a" })}`), 101, tests).foreign).toBe("a\nb");
    expect(judged(good.replace(ok, `${ok.trimEnd()}noise\n`), 101, tests).foreign).toBe("noise");
    expect(judged(`${good}x${started}`, 101, tests).tampered).toEqual([{ rule: "after-end", detail: started.trimEnd() }]);
    expect(judged(at(2, 'a{"type":"test","x":1}b'), 101, tests).foreign).toBe('a{"type":"test","x":1}b');
  });

  it("reads an event between output whose texts hold quotes, braces and backslashes", () => {
    const output = '\\" } { "type": "test" } \\\\';
    const failed = JSON.stringify({ type: "test", name: "a", event: "failed", stdout: output });
    const stdout = suite({ a: "failed", b: "ok", s: "failed" }).replace(line({ type: "test", name: "a", event: "failed" }), `x${failed}y\n`);
    expect(judged(stdout, 101, tests)).toMatchObject({ tampered: [], foreign: "x\ny", tests: [{ status: "failed", output }, { status: "passed" }] });
  });

  it("looks behind thirty-one beginnings of an event that are none, and no more", () => {
    const begun = (count: number) => good.replace(ok, `${'{"type":"test" '.repeat(count)}${ok}`);
    expect(judged(begun(31), 101, tests)).toMatchObject({ tampered: [] });
    expect(rules(judged(begun(32), 101, tests))).toContain("unfinished-test");
  });

  it("tells of a process that exits early by which code it did, and nothing beside a held-out test", () => {
    const [one, two] = judged(recorded("libtest-exit-zero"), 3, [visible("tests::death"), { ...visible("tests::fails"), role: "held-out" }]).tests;
    expect(one).toEqual({
      id: "a/lib/tests::death",
      status: "missing",
      heldOut: false,
      output: "the test process exited with code 3 before its tests had ended",
    });
    expect(two).toEqual({ id: "a/lib/tests::fails", status: "missing", heldOut: true, output: "" });
  });

  it("counts no start or end that is not there: not without output, and not with other counts", () => {
    const torn = suite({ a: "failed", b: "ok", s: "failed" }).replace(line({ type: "test", name: "a", event: "failed" }), "");
    expect(rules(judged(torn, 101, tests))).toEqual(["counts", "unfinished-test"]);
    expect(rules(judged(at(2, "noise").replace('"failed":1', '"failed":2'), 101, tests))).toEqual(["counts"]);
  });

  it("reads the recorded output of a test that bypasses capture, glued to events as it is", () => {
    expect(judged(recorded("libtest-glued"))).toMatchObject({ tampered: [] });
  });

  it("counts tests of the patch's own, and does not judge them", () => {
    const more = suite({ ...ends, mine: "failed" });
    const outcome = judged(more, 101, tests);
    expect([outcome.tampered, statuses(outcome)]).toEqual([[], "passed passed"]);
  });

  it("takes an early exit for a failure, with any code", () => {
    for (const code of [0, 1, 3, 101, 127]) {
      const outcome = judged(recorded("libtest-exit-zero"), code);
      expect(outcome).toMatchObject({ tampered: [], crashed: true });
      expect(statuses(outcome)).not.toContain("passed passed passed passed passed passed passed passed passed");
    }
  });

  it("counts no test of a process that exits before its suite's end: which of them had ended is chance", () => {
    const all = recorded("libtest-exit-zero");
    const begun = all.split("\n").slice(0, 2).join("\n");
    for (const code of [0, 1, 3, 127]) {
      expect(judged(all, code).tests).toEqual(judged(begun, code).tests);
      expect(new Set(judged(all, code).tests.map(({ status }) => status))).toEqual(new Set(["missing"]));
    }
  });

  it("takes a process that dies behind its suite for a failure", () => {
    for (const code of [3, null]) expect(judged(good, code, tests)).toMatchObject({ tampered: [], crashed: true });
  });

  it("takes a failure's event that another thread wrote into for what the summary says of it", () => {
    const failed = line({ type: "test", name: "a", event: "failed", stdout: "long" });
    const torn = suite({ a: "failed", b: "ok", s: "failed" }).replace(line({ type: "test", name: "a", event: "failed" }), failed.replace("long", 'lo"noise'));
    const outcome = judged(torn, 101, tests);
    expect([outcome.tampered, statuses(outcome)]).toEqual([[], "failed passed"]);
    expect(outcome.tests[0]?.output).toBe("");
  });

  it.each([
    ["a wrong test count", "test-count", good.replace('"test_count":3', '"test_count":4'), 101],
    ["a second suite start", "suite-start", good.replace(started, line({ type: "suite", event: "started", test_count: 3 }) + started), 101],
    ["a test that ends twice", "duplicate-test", good.replace(ok, ok + ok), 101],
    ["a forged result glued to output", "duplicate-test", good.replace(ok, `${ok}noise${ok}`), 101],
    ["an end without start", "not-started", good.replace(started, ""), 101],
    ["a test that never starts", "missing-test", good.replace(started, "").replace(ok, ""), 101],
    ["a test that never ends", "unfinished-test", good.replace(ok, ""), 101],
    ["a result that was printed over", "unfinished-test", good.replace(ok, "noise\n"), 101],
    ["a summary that counts differently", "counts", good.replace('"passed":2', '"passed":3'), 101],
    ["a suite that is ok with failures", "counts", good.replace('"suite","event":"failed"', '"suite","event":"ok"'), 101],
    ["an event after the end", "after-end", good + started, 101],
    ["a sentinel that passes", "sentinel-passed", suite({ ...ends, s: "ok" }), 101],
    ["success beside a failure", "exit-code", good, 0],
  ])("sees %s as %s", (_name, rule, stdout, code) => {
    expect(rules(judged(stdout, code, tests))).toContain(rule);
  });

  it("needs time that grows with the output alone", () => {
    const hostile = `${'{ "type": "test", "name": "'.repeat(200_000)}\n${good}`;
    const start = performance.now();
    expect(judged(hostile, 101, tests).tampered).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("results", () => {
  it("leave out sentinels and unjudged tests", () => {
    const tests = [visible("a"), sentinel("s", "a"), { ...visible("u"), role: "unjudged" as const }];
    expect(read(suite({ a: "ok", s: "failed", u: "failed" }), 101, tests).tests).toEqual([{ id: "a/lib/a", status: "passed", heldOut: false, output: "" }]);
  });

  it("give no output of held-out tests", () => {
    const held = expected.map((test) => ({ ...test, role: "held-out" as const }));
    expect(read(mixed, 101, held).tests.every(({ output, heldOut }) => output === "" && heldOut)).toBe(true);
  });

  it("cap the output at both ends' cost", () => {
    const failed = JSON.stringify({ type: "test", name: "a", event: "failed", stdout: `begin${"😀".repeat(50_000)}end` });
    const stdout = suite({ a: "failed" }).replace(line({ type: "test", name: "a", event: "failed" }), `${failed}\n`);
    const output = read(stdout, 101, [visible("a")]).tests[0]?.output ?? "";
    expect(output.length).toBeLessThanOrEqual(4000);
    expect(output).toMatch(/^begin.*\n…\n.*end$/s);
    expect(/\p{Surrogate}/u.test(output)).toBe(false);
  });

  it("are nothing of what a passed test printed", () => {
    const noisy = line({ type: "test", name: "a", event: "ok", stdout: "out" });
    const stdout = suite({ a: "ok" }).replace(line({ type: "test", name: "a", event: "ok" }), noisy);
    expect(read(stdout, 0, [visible("a")])).toMatchObject({ tampered: [], tests: [{ status: "passed", output: "" }] });
  });

  it("are what a failed test printed, and what the harness says of it", () => {
    const failed = line({ type: "test", name: "a", event: "failed", stdout: "out", message: "why" });
    const stdout = suite({ a: "failed" }).replace(line({ type: "test", name: "a", event: "failed" }), failed);
    expect(read(stdout, 101, [visible("a")]).tests[0]?.output).toBe("out\nwhy");
  });

  it("keep four thousand characters whole, and both ends of more", () => {
    const printed = (stdout: string) => {
      const failed = line({ type: "test", name: "a", event: "failed", stdout });
      return read(suite({ a: "failed" }).replace(line({ type: "test", name: "a", event: "failed" }), failed), 101, [visible("a")]).tests[0]?.output;
    };
    const text = (length: number) => Array.from({ length }, (_, at) => "abcdefghij"[at % 10]).join("");
    expect(printed(text(4000))).toBe(text(4000));
    expect(printed("half \ud800")).toBe("half \uFFFD");
    expect(printed(text(4001))).toBe(`${text(1500)}\n…\n${text(4001).slice(-2400)}`);
  });

  it("come from any mutation of a real output without an exception", () => {
    const edit = fc.record({ at: fc.nat({ max: mixed.length }), drop: fc.nat({ max: 40 }), add: fc.string({ maxLength: 20 }) });
    const exit = fc.record({ code: fc.option(fc.constantFrom(0, 1, 101, 134)), signal: fc.option(fc.constant("SIGKILL")) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 5 }), exit, (edits, how) => {
        const text = edits.reduce((before, { at, drop, add }) => before.slice(0, at) + add + before.slice(at + drop), mixed);
        for (const foreignOutput of ["violation", "output"] as const)
          expect(readLibtest(text, how, expected, { foreignOutput }).tests).toHaveLength(expected.length);
      }),
    );
  });

  it("never improve by dropping, repeating or swapping lines", () => {
    const lines = mixed.trimEnd().split("\n");
    const index = fc.nat({ max: lines.length - 1 });
    fc.assert(
      fc.property(index, index, (from, to) => {
        const dropped = lines.filter((_text, at) => at !== from);
        expect(read(`${dropped.join("\n")}\n`, 101).tampered.length + Number(read(dropped.join("\n"), 101).crashed)).toBeGreaterThan(0);
        const repeated = lines.toSpliced(to, 0, lines[from] ?? "");
        expect(read(`${repeated.join("\n")}\n`, 101).tampered).not.toEqual([]);
      }),
    );
  });
});
