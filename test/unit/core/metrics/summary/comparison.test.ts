// Candidates side by side, their verdicts and the unlock gate's errors.
import { describe, expect, it } from "vitest";
import { cloud, type RunScript, slot, trial } from "../summary-fixture.ts";
import { grid, one, summaryOf } from "../summary-script.ts";

const flat = (groups: ReturnType<typeof summaryOf>["byKind"]) => groups.map(({ key, rates }) => [key, rates[0]?.pass.value, rates[0]?.pass.n]);
const rejected = (detail: string) => slot("patch-rejected", { detail });

describe("breakdowns", () => {
  const tasks = [
    { id: "a", area: "types", codes: ["E0308", "E0382"] },
    { id: "b", area: "async", codes: ["E0308"] },
    { id: "c", kind: "test", area: "logic" },
    { id: "h", risk: "high", area: "macros", codes: ["E0499"] },
  ] as const;
  const script: RunScript = {
    candidates: ["gpt"],
    tasks,
    trials: {
      "gpt/a/1": trial(slot("passed")),
      "gpt/b/1": trial(slot("failed"), cloud("passed")),
      "gpt/c/1": trial(slot("passed")),
      "gpt/h/1": trial(cloud("passed")),
    },
  };

  it("count a task with several error codes in each", () => {
    expect(flat(summaryOf(script).byErrorCode)).toEqual([
      ["E0308", 0.5, 2],
      ["E0382", 1, 1],
    ]);
  });

  it("go by kind", () => {
    expect(flat(summaryOf(script).byKind)).toEqual([
      ["compile", 0.5, 2],
      ["test", 1, 1],
    ]);
  });

  it("go by area, in code-unit order, without areas of high-risk tasks", () => {
    expect(flat(summaryOf(script).byArea)).toEqual([
      ["async", 0, 1],
      ["logic", 1, 1],
      ["types", 1, 1],
    ]);
  });

  it("have an interval for every rate", () => {
    for (const { rates } of summaryOf(script).byErrorCode) expect(rates[0]?.pass).toMatchObject({ low: expect.any(Number), high: expect.any(Number) });
  });

  it("have no error codes of a task that compiles as it is, whatever its facts name", () => {
    const compiles = [{ id: "c", kind: "test" as const, codes: ["E0308"] }];
    expect(summaryOf({ candidates: ["gpt"], tasks: compiles, trials: { "gpt/c/1": trial(slot("passed")) } }).byErrorCode).toEqual([]);
  });

  it("have no error codes for a suite without compile tasks", () => {
    expect(summaryOf({ candidates: ["gpt"], tasks: [{ id: "c", kind: "test" }], trials: {} }).byErrorCode).toEqual([]);
  });

  it("name every candidate, also one without a trial", () => {
    const { byKind } = summaryOf({ ...script, candidates: ["gpt", "nop"] });
    expect(byKind[0]?.rates.map(({ candidate, pass }) => [candidate, pass.n])).toEqual([
      ["gpt", 2],
      ["nop", 0],
    ]);
  });
});

describe("beyond the compiler", () => {
  it("is null where the suggestions were not run", () => {
    expect(grid({ gpt: { a: true } }).beyondCompiler).toBeNull();
  });

  it("lists what the suggestions solve and rates the others on the rest", () => {
    const beyond = grid({ "rustc-suggestions": { a: true, b: false, c: false }, gpt: { a: true, b: true, c: false } }).beyondCompiler;
    expect([beyond?.solved, beyond?.unsolved]).toEqual([["a"], ["b", "c"]]);
    expect(beyond?.rates.map(({ candidate, pass }) => [candidate, pass.value, pass.n])).toEqual([["gpt", 0.5, 2]]);
  });

  it("lists tasks in the order of their names, whatever the suite's own", () => {
    const order = { d: true, c: false, b: true, a: false };
    expect(grid({ "rustc-suggestions": order, gpt: order }).beyondCompiler).toMatchObject({ solved: ["b", "d"], unsolved: ["a", "c"] });
  });

  it("knows nothing of tasks on which the suggestions' trial does not count", () => {
    const summary = grid({ gpt: { a: true, b: true }, "rustc-suggestions": { a: false } });
    expect(summary.beyondCompiler?.unsolved).toEqual(["a"]);
    expect(summary.beyondCompiler?.rates[0]?.pass.n).toBe(1);
  });
});

describe("verdicts", () => {
  it("are counted by status over slot attempts", () => {
    const { verdicts } = one({ a: trial(slot("failed"), slot("timeout"), cloud("passed")), b: trial(slot("infrastructure")) });
    expect(verdicts.attempts).toBe(3);
    expect(verdicts.byStatus.filter(({ count }) => count > 0)).toEqual([
      { status: "failed", count: 1 },
      { status: "timeout", count: 1 },
      { status: "infrastructure", count: 1 },
    ]);
  });

  it("count rejected patches by their named reason, whatever file the detail names", () => {
    const { verdicts } = one({
      a: trial(rejected("text-not-found: a.rs: not there"), rejected("text-not-found: b.rs: not there")),
      b: trial(rejected("not-json: no brace")),
    });
    expect(verdicts.rejections).toEqual([
      { reason: "text-not-found", count: 2 },
      { reason: "not-json", count: 1 },
    ]);
  });

  it("tell failed calls apart by how they failed", () => {
    const { verdicts } = one({ a: trial(rejected("model-error: timeout: 120 s"), rejected("model-error: cut-stream: after 3 chunks")) });
    expect(verdicts.rejections.map(({ reason }) => reason)).toEqual(["model-error: cut-stream", "model-error: timeout"]);
  });

  it("keep a rejection's own words where it has no named reason", () => {
    const { verdicts } = one({ a: trial(slot("patch-rejected", { detail: "odd: quite" })) });
    expect(verdicts.rejections).toEqual([{ reason: "odd: quite", count: 1 }]);
  });

  it("list tampering with task, epoch, attempt and what was seen", () => {
    const { verdicts } = one({ a: trial(slot("failed"), slot("tampered", { detail: "sentinel: a test is missing" })) });
    expect(verdicts.tampered).toEqual([{ task: "a", epoch: 1, attempt: 2, detail: "sentinel: a test is missing" }]);
  });
});

describe("unlock errors", () => {
  it("are false unlocks where the last verdict is no pass", () => {
    const { unlock } = one({ a: { attempts: [slot("failed")], unlock: "Pass" }, b: trial(slot("passed")) });
    expect([unlock.falseUnlocks, unlock.unlocked]).toEqual([[{ task: "a", epoch: 1 }], 2]);
  });

  it("are false blocks where a pass stays locked", () => {
    const { unlock } = one({ a: { attempts: [slot("passed")], unlock: "Fail" } });
    expect([unlock.falseBlocks, unlock.passed]).toEqual([[{ task: "a", epoch: 1 }], 1]);
  });

  it("are none in trials that don't count", () => {
    const { unlock } = one({ a: { attempts: [slot("passed")], unlock: "Skip" } });
    expect([unlock.falseBlocks, unlock.trials]).toEqual([[], 0]);
  });
});

describe("pairs", () => {
  it("name the tasks on which candidates differ", () => {
    const [pair] = grid({ x: { a: true, b: true, c: false }, y: { a: true, b: false, c: true } }).pairs;
    expect(pair).toEqual({ a: "x", b: "y", tasks: 3, aBetter: ["b"], bBetter: ["c"] });
  });

  it("look only at tasks that count for both", () => {
    expect(grid({ x: { a: true, b: true }, y: { a: false } }).pairs[0]).toMatchObject({ tasks: 1, aBetter: ["a"] });
  });

  it("name tasks in the order of their names, whatever the suite's own", () => {
    const [pair] = grid({ x: { d: true, c: false, b: true, a: false }, y: { d: false, c: true, b: false, a: true } }).pairs;
    expect(pair).toMatchObject({ aBetter: ["b", "d"], bBetter: ["a", "c"] });
  });

  it("are of low-risk tasks that can be solved", () => {
    const [pass, fail] = [trial(slot("passed")), trial(slot("failed"))];
    const names = ["high", "low", "never"];
    const trials = Object.fromEntries(
      names.flatMap((task) => [["x", pass] as const, ["y", fail] as const].map(([who, script]) => [`${who}/${task}/1`, script])),
    );
    const { pairs, tasks } = summaryOf({
      candidates: ["x", "y"],
      tasks: [
        { id: "high", risk: "high" },
        { id: "low", family: "own" },
        { id: "never", impossible: true },
      ],
      trials,
    });
    expect(pairs).toEqual([{ a: "x", b: "y", tasks: 1, aBetter: ["low"], bBetter: [] }]);
    expect(tasks).toEqual({ total: 3, lowRisk: 1, highRisk: 1, families: 1, impossible: 1 });
  });

  it("compare the share of passes with several epochs", () => {
    const [pass, fail] = [trial(slot("passed")), trial(slot("failed"))];
    const [pair] = summaryOf({
      candidates: ["x", "y"],
      tasks: [{ id: "a" }],
      epochs: 2,
      trials: { "x/a/1": pass, "x/a/2": pass, "y/a/1": pass, "y/a/2": fail },
    }).pairs;
    expect(pair?.aBetter).toEqual(["a"]);
  });

  it("are every pair, in the run's order", () => {
    expect(grid({ z: { a: true }, x: { a: true }, y: { a: true } }).pairs.map(({ a, b }) => `${a}-${b}`)).toEqual(["z-x", "z-y", "x-y"]);
  });
});
