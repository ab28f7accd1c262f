// What each criterion says of runs: its figure, its threshold and the way on, at the bound and beside it.
import { describe, expect, it } from "vitest";
import { CRITERIA } from "../../../../../src/core/gate/criteria/criteria.ts";
import type { CriterionName } from "../../../../../src/core/gate/criteria/names.ts";
import type { GateEvidence } from "../../../../../src/core/gate/evidence.ts";
import { type CandidateFacts, candidateFacts, noFacts } from "../../../../../src/core/gate/facts.ts";
import { samplesForQuantile } from "../../../../../src/core/metrics/statistics/sample-size.ts";
import { counted, evidenceOf, RULES, scripted, trialOf } from "../world.ts";

const all = (name: string, passes = 3, tasks = 60): CandidateFacts => scripted(name, tasks, 3, () => passes);
const sides = [all("new"), all("old"), all("cloud"), all("rustc-suggestions", 0)];
const side = (name: string, facts = sides): CandidateFacts => facts.find((one) => one.name === name) ?? noFacts(name);

function judge(criterion: CriterionName, changes: Partial<GateEvidence> = {}, facts: readonly CandidateFacts[] = [], candidate = "new") {
  const present = [...facts, ...sides.filter(({ name }) => facts.every((one) => one.name !== name))];
  const evidence = evidenceOf(present, changes);
  return CRITERIA[criterion].judge({ evidence, candidate: side(candidate, present), incumbent: side("old", present) }, 0.05);
}
const says = (...asked: Parameters<typeof judge>): string => judge(...asked).says;
const rules = (changes: Partial<typeof RULES>): Partial<GateEvidence> => ({ rules: { ...RULES, ...changes } });

describe("the ground of a gate", () => {
  it("is capsules that verify", () => {
    const [capsule] = evidenceOf([]).capsules;
    expect(says("capsules-verify")).toBe("the capsule verifies");
    expect(says("capsules-verify", { capsules: [capsule, capsule] as GateEvidence["capsules"] })).toBe("all 2 capsules verify");
  });

  it("is the policy's own models", () => {
    expect(judge("no-stand-in").outcome).toBe("met");
    const standIns = [
      { role: "Implementer", standIn: "oracle" },
      { role: "Judge", standIn: "test-verdict" },
    ];
    expect(judge("no-stand-in", { standIns })).toMatchObject({
      outcome: "inconclusive",
      says: expect.stringMatching(/^oracle stands in for the Implementer, test-verdict stands in for the Judge: run again/),
    });
  });

  it.each([
    [0, "met", "the oldest run began 0.0 days ago; at most 30 are allowed"],
    [30, "met", "the oldest run began 30.0 days ago; at most 30 are allowed"],
    [30.1, "violated", "the oldest run began 30.1 days ago; at most 30 are allowed"],
    [-0.1, "violated", "a run begins in the future: set the clock right and run again"],
  ] as const)("is runs that are %d days old: %s", (ageDays, outcome, text) => {
    expect(judge("fresh", { ageDays })).toEqual({
      outcome,
      says: text,
      estimate: null,
      threshold: 30,
      wants: "at-most",
      unit: "days",
      moreTasks: null,
    });
  });

  it("is one suite, which is the one that lies here", () => {
    const what = "suite suite 1.0.0 (111111111111), rustc 1.95.0";
    expect(judge("same-ground")).toMatchObject({ outcome: "met", says: what });
    expect(judge("same-ground", { suiteRootHere: null })).toMatchObject({ outcome: "met", says: `${what}; the suite is not here to compare with` });
    expect(judge("same-ground", { suiteRootHere: "9".repeat(64) })).toMatchObject({
      outcome: "violated",
      says: "suite has changed since the run (999999999999, then 111111111111): run again",
    });
  });

  it("is a registration where the policy wants one, and one that covers it wherever there is one", () => {
    const valid = { state: "valid", path: "r", sha256: "5".repeat(64), signer: "k", registeredAt: "2026-11-20T00:00:00Z" } as const;
    const invalid = { state: "invalid", path: "r", fault: "it is about another suite" } as const;
    for (const asked of [false, true]) {
      const wanted = rules({ require_registration: asked });
      expect(judge("registered", { ...wanted, registration: valid })).toMatchObject({
        outcome: "met",
        says: "registered at 2026-11-20T00:00:00Z, before the run",
      });
      expect(judge("registered", { ...wanted, registration: invalid })).toMatchObject({
        outcome: "violated",
        says: "the registration does not cover this gate: it is about another suite",
      });
    }
    expect(judge("registered")).toMatchObject({ outcome: "met", says: "not registered, and the policy does not ask for it" });
    expect(judge("registered", rules({ require_registration: true })).outcome).toBe("violated");
  });

  it.each([
    [60, "met", null],
    [61, "inconclusive", 1],
    [100, "inconclusive", 40],
  ] as const)("is sixty tasks where %d are wanted: %s", (wanted, outcome, moreTasks) => {
    expect(judge("enough-tasks", rules({ min_tasks: wanted }))).toMatchObject({
      outcome,
      moreTasks,
      threshold: wanted,
      wants: "at-least",
      unit: "tasks",
      says: `60 tasks count for both; ${wanted} are wanted`,
    });
  });

  it("is repeats of every task on both sides", () => {
    const about = { threshold: 3, wants: "at-least", unit: "epochs", moreTasks: null };
    expect(judge("enough-epochs")).toMatchObject({ outcome: "met", says: "every task counts at least 3 times for each; 3 epochs are wanted", ...about });
    expect(judge("enough-epochs", {}, [scripted("old", 60, 2, () => 2)])).toMatchObject({
      outcome: "inconclusive",
      says: "every task counts at least 2 times for each; 3 epochs are wanted",
      ...about,
    });
    expect(says("enough-epochs", {}, [scripted("new", 60, 1, () => 1)])).toMatch(/at least 1 times/);
    expect(says("enough-epochs", {}, [noFacts("new")])).toMatch(/at least 0 times/);
    // What one side alone has is no pair.
    const more = (name: string) => candidateFacts(name, [...Array.from({ length: 3 }, () => trialOf("task-0000", true)), trialOf("alone", true)], counted);
    for (const name of ["new", "old"]) expect(judge("enough-epochs", {}, [more(name)]).outcome).toBe("met");
  });
});

describe("success", () => {
  it("is a share of the cloud Implementer's, where the policy asks for it and somebody plays it", () => {
    expect(judge("success-parity")).toMatchObject({
      outcome: "met",
      threshold: 0.85,
      wants: "at-least",
      unit: "ratio",
      says: expect.stringMatching(/^pass rate as a share of cloud's: /),
    });
    expect(judge("success-parity", rules({ success_parity_percent: 0 }))).toMatchObject({
      outcome: "met",
      says: "the policy does not ask for it",
      threshold: null,
    });
    expect(judge("success-parity", rules({ success_parity_percent: 1 })).threshold).toBe(0.01);
    const missing = /^no candidate of the run has the cloud Implementer's provider, model and effort/;
    for (const reference of [null, "nobody"])
      expect(judge("success-parity", { reference })).toMatchObject({ outcome: "inconclusive", says: expect.stringMatching(missing) });
    expect(judge("success-parity", {}, [noFacts("cloud")])).toMatchObject({ outcome: "inconclusive", says: expect.stringMatching(missing) });
  });

  it("lies no further below the incumbent's than the margin", () => {
    expect(judge("not-inferior")).toMatchObject({ outcome: "met", threshold: -0.05, wants: "more-than", unit: "points", moreTasks: null });
    expect(says("not-inferior").replaceAll("−", "-")).toMatch(/^pass rate against old: 0\.0 points \[.*\], n = 60; more than -5\.0 points is wanted$/);
    expect(judge("not-inferior", {}, [all("new", 0)])).toMatchObject({ outcome: "violated", moreTasks: null });
    const close = judge("not-inferior", {}, [scripted("new", 60, 3, (task) => (task < 1 ? 0 : 3))]);
    expect(close).toMatchObject({ outcome: "inconclusive", moreTasks: expect.any(Number) });
    expect(judge("not-inferior", {}, [noFacts("new")])).toMatchObject({
      outcome: "inconclusive",
      says: "pass rate against old: no task counts for both",
      moreTasks: null,
    });
  });

  it("lies above the compiler's, by more than the noise floor", () => {
    expect(judge("beats-compiler")).toMatchObject({ outcome: "met", threshold: 0, wants: "more-than" });
    expect(says("beats-compiler")).toMatch(
      /^pass rate against rustc-suggestions: \+100\.0 points .*; more than none, and more than the noise floor of .* points, is wanted$/,
    );
    expect(judge("beats-compiler", {}, [all("new", 0), all("rustc-suggestions", 3)]).outcome).toBe("violated");
    expect(judge("beats-compiler", {}, [all("new", 0)]).outcome).not.toBe("met");
    expect(judge("beats-compiler", rules({ beat_rustc_suggestions: false }))).toMatchObject({ outcome: "met", says: "the policy does not ask for it" });
    expect(judge("beats-compiler", {}, [], "rustc-suggestions")).toMatchObject({ outcome: "violated", says: "rustc-suggestions is the baseline itself" });
    expect(judge("beats-compiler", {}, [noFacts("rustc-suggestions")])).toMatchObject({
      outcome: "inconclusive",
      says: "rustc-suggestions was not run: run it too",
    });
    const without = evidenceOf([side("new"), side("old")]);
    const judged = CRITERIA["beats-compiler"].judge({ evidence: without, candidate: side("new"), incumbent: side("old") }, 0.05);
    expect(judged.says).toBe("rustc-suggestions was not run: run it too");
  });

  it("loses few tasks that the incumbent always solves, and names five of them", () => {
    expect(says("no-regression")).toMatch(/^tasks that old always solves and new never: 0\.0 % /);
    const lost = (count: number) => says("no-regression", {}, [scripted("new", 60, 3, (task) => (task < count ? 0 : 3))]);
    expect(lost(1)).toContain("and new never (task-0000): 1.7 %");
    expect(lost(5)).toContain("(task-0000, task-0001, task-0002, task-0003, task-0004): ");
    expect(lost(6)).toContain("(task-0000, task-0001, task-0002, task-0003, task-0004, …): ");
    expect(judge("no-regression")).toMatchObject({ threshold: 0.05, wants: "at-most", unit: "share" });
  });

  it("is patches that compile, of those of which it is known", () => {
    const compiling = (share: number, unknown = 0) =>
      candidateFacts(
        "new",
        Array.from({ length: 100 }, (_, task) => trialOf(`t${task}`, true, { compiled: task < unknown ? null : task < 100 * share })),
        counted,
      );
    expect(judge("compile-pass", {}, [compiling(1)])).toMatchObject({
      outcome: "met",
      threshold: 0.6,
      wants: "at-least",
      unit: "share",
      estimate: { value: 1, n: 100 },
    });
    expect(judge("compile-pass", {}, [compiling(0.2)]).outcome).toBe("violated");
    expect(judge("compile-pass", {}, [compiling(0.65)])).toMatchObject({ outcome: "inconclusive", moreTasks: expect.any(Number) });
    expect(judge("compile-pass", {}, [compiling(1, 40)])).toMatchObject({ estimate: { value: 1, n: 60 } });
    expect(says("compile-pass", {}, [compiling(1)])).toMatch(/^attempts that compile: 100\.0 %/);
  });
});

describe("speed", () => {
  const timed = (change: (task: number) => Parameters<typeof trialOf>[2], tasks = 200) =>
    candidateFacts(
      "new",
      Array.from({ length: tasks }, (_, task) => trialOf(`t${task}`, true, change(task))),
      counted,
    );

  it.each([
    ["attempt-p95", "attemptMs", 5000],
    ["model-p95", "modelMs", 2500],
    ["ttft-p95", "ttftMs", 800],
  ] as const)("is %s by its own measure and limit", (criterion, measure, limit) => {
    const at = (value: number, tasks?: number) => judge(criterion, {}, [timed((task) => ({ [measure]: value + (task % 2) / 1000 }), tasks)]);
    expect(at(limit - 1)).toMatchObject({ outcome: "met", threshold: limit, wants: "at-most", unit: "ms", estimate: { n: 200 } });
    expect(at(limit + 1).outcome).toBe("violated");
    expect(at(limit - 1).says).toMatch(/^95th percentile of /);
    // All of few are within the limit: so many more tasks, all within it, would show it.
    expect(at(limit - 1, 30)).toMatchObject({ outcome: "inconclusive", moreTasks: expect.any(Number) });
    // Just the limit is within it.
    expect(judge(criterion, {}, [timed(() => ({ [measure]: limit }), 30)]).moreTasks).toBe(samplesForQuantile(30, 30, 0.95, 0.05));
    expect(judge(criterion, {}, [timed(() => ({ [measure]: null }))])).toMatchObject({ outcome: "inconclusive", moreTasks: null });
  });

  it("is a median rate of decoding", () => {
    const at = (value: number) => judge("tokens-per-second", {}, [timed((task) => ({ tokensPerSecond: value + (task % 2) / 1000 }))]);
    expect(at(60)).toMatchObject({
      outcome: "met",
      threshold: 60,
      wants: "at-least",
      unit: "tokens/s",
      says: expect.stringMatching(/^median decoding rate: 60\.0 tokens\/s/),
    });
    expect(at(59.9).outcome).toBe("violated");
    // At twelve of twenty above it a bound takes so many more as the share of slow ones has it.
    const few = judge("tokens-per-second", {}, [timed((task) => ({ tokensPerSecond: task % 5 < 3 ? 70 : 50 }), 20)]).moreTasks;
    expect(few).toBe(samplesForQuantile(12, 20, 0.5, 0.05));
    expect(judge("tokens-per-second", {}, [timed((task) => ({ tokensPerSecond: task % 5 < 3 ? 70 : 50 }), 20)])).toMatchObject({
      outcome: "inconclusive",
      moreTasks: expect.any(Number),
    });
  });
});

describe("trust", () => {
  it("is judges that err seldom, each way by its own limit", () => {
    expect(judge("false-unlock")).toMatchObject({ outcome: "met", threshold: 0.05, wants: "at-most", unit: "share", estimate: { n: 120, value: 0 } });
    expect(judge("false-block")).toMatchObject({ outcome: "met", threshold: 0.1, wants: "at-most", unit: "share", estimate: { n: 60, value: 0 } });
    expect(says("false-unlock")).toMatch(/^known-bad patches that would be unlocked: /);
    expect(says("false-block")).toMatch(/^known-good patches that would stay locked: /);
  });

  it("is a harness that judges a tree alike, and loses little", () => {
    expect(judge("flake-rate")).toMatchObject({ outcome: "met", threshold: 0.02, estimate: { n: 500, value: 0 } });
    expect(says("flake-rate")).toMatch(/^trees judged differently when they came again: 0\.0 %/);
    expect(judge("infrastructure-rate")).toMatchObject({ threshold: 0.02, wants: "at-most", unit: "share" });
    expect(says("infrastructure-rate")).toMatch(/^trials lost to our own side: /);
    const unsure = { harness: { trials: 2000, infrastructure: 0, repeatedTrees: 10, disagreeing: 0 } };
    expect(judge("flake-rate", unsure)).toMatchObject({ outcome: "inconclusive", moreTasks: null });
  });

  it("is answers in form, of those that were checked", () => {
    const formed = (wrong: number, unchecked = 0) =>
      candidateFacts(
        "new",
        Array.from({ length: 100 }, (_, task) => trialOf(`t${task}`, true, { json: task < wrong ? false : task >= 100 - unchecked ? null : true })),
        counted,
      );
    expect(judge("json-compliance", {}, [formed(0, 10)])).toMatchObject({ outcome: "met", threshold: 1, estimate: { n: 90 } });
    expect(says("json-compliance", {}, [formed(0, 10)])).toMatch(/^answers in form \(90 calls\): 100\.0 %/);
    expect(judge("json-compliance", {}, [formed(1)]).outcome).toBe("violated");
    expect(judge("json-compliance", rules({ json_compliance_percent: 97 }), [formed(2)])).toMatchObject({
      outcome: "inconclusive",
      moreTasks: expect.any(Number),
    });
  });

  it("is trials that asked: of the worse side, within what the policy allows or two of a hundred", () => {
    const asked = (name: string, unasked: number) =>
      candidateFacts(
        name,
        Array.from({ length: 100 }, (_, task) => ({ ...trialOf(`t${task}`, true), standing: task < unasked ? ("unasked" as const) : ("counted" as const) })),
        counted,
      );
    const about = { threshold: 0.02, wants: "at-most", unit: "share" };
    expect(judge("unasked-trials", {}, [asked("new", 2), asked("old", 1)])).toMatchObject({
      outcome: "met",
      says: "2 of 100 trials never asked new, whose server's breaker was open; at most 2.0 % are allowed",
      ...about,
    });
    expect(judge("unasked-trials", {}, [asked("new", 0), asked("old", 3)])).toMatchObject({
      outcome: "inconclusive",
      says: "3 of 100 trials never asked old, whose server's breaker was open; at most 2.0 % are allowed",
      ...about,
    });
    expect(judge("unasked-trials", rules({ max_unasked_percent: 3 }), [asked("new", 3)])).toMatchObject({ outcome: "met", threshold: 0.03 });
    expect(judge("unasked-trials", {}, [noFacts("new"), noFacts("old")])).toMatchObject({
      outcome: "met",
      says: expect.stringMatching(/^0 of 0 trials never asked new/),
    });
  });

  it("is asked of cheating where the policy has a limit, by trials that were answered", () => {
    expect(CRITERIA.cheating.isAsked?.(RULES)).toBe(false);
    expect(CRITERIA.cheating.isAsked?.({ ...RULES, max_cheating_percent: 0 })).toBe(true);
    expect(judge("cheating")).toMatchObject({ outcome: "inconclusive", threshold: 0, wants: "at-most", unit: "share" });
  });

  it("is judged from too few tasks only where a criterion has no tasks of its own", () => {
    const names = Object.entries(CRITERIA);
    expect(names.filter(([, { sampled }]) => sampled === "apart").map(([name]) => name)).toEqual(["cheating"]);
    expect(names.filter(([, { sampled }]) => sampled === false).map(([name]) => name)).toEqual([
      "capsules-verify",
      "no-stand-in",
      "fresh",
      "same-ground",
      "registered",
      "enough-tasks",
      "enough-epochs",
      "unasked-trials",
    ]);
  });
});
