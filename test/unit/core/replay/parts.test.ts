// The parts that replay is made of: steps, verified trees, texts at hand, tallies, ledgers, and what is the same.
import { describe, expect, it } from "vitest";
import { type EventLine, LATE_SEQ } from "../../../../src/core/capsule/line.ts";
import { AGREED, asJson, type Check, type Claim, compared, diffKey, isSame, runChecks, type TrialView } from "../../../../src/core/replay/check.ts";
import { Evidence, isRedacted, remembered, type TextSource } from "../../../../src/core/replay/evidence.ts";
import { type Finding, type Gap, Ledger, LEVEL_NAMES, levelStatus } from "../../../../src/core/replay/levels/level.ts";
import { FindingTally, GapTally, MOST_KEPT } from "../../../../src/core/replay/levels/tally.ts";
import { situationAfter, situationAtStart } from "../../../../src/core/replay/situation.ts";
import { decisionOf, eventIn, isNote, kindOf, stepsOf } from "../../../../src/core/replay/step.ts";
import { readStoredSnapshot } from "../../../../src/core/replay/stored-snapshot.ts";
import { VerifiedTrees } from "../../../../src/core/replay/verified-trees.ts";
import { snapshotBlob, policyWith } from "../../run/fakes.ts";

type Payload = Readonly<Record<string, unknown>>;
const line = (seq: number, step: number, payload: Payload, more: object = {}): EventLine =>
  ({ seq, step, trial: "t", spec_id: "task", payload, ...more }) as unknown as EventLine;
const stage: Payload = { type: "StageTransition", from: null, to: "Plan" };
const routing: Payload = { type: "RoutingDecision", role: "Implementer", is_fallback: false, selection_reason: "reflex-first" };
const result = (more: Payload = {}): Payload => ({ type: "ToolResult", reused: false, output_hash: "v", ...more });

describe("steps", () => {
  it("are runs of lines with one number, in order; what came late belongs to none", () => {
    const lines = [line(0, 0, stage), line(1, 1, routing), line(2, 1, result()), line(3, 4, stage), line(LATE_SEQ, 4, result()), line(LATE_SEQ + 1, 9, stage)];
    const steps = stepsOf(lines);
    expect(steps.map(({ seq, lines: own }) => [seq, own.length])).toEqual([
      [0, 1],
      [1, 2],
      [3, 1],
    ]);
    expect(steps[1]?.events.map(({ type }) => type)).toEqual(["RoutingDecision", "ToolResult"]);
    expect(stepsOf([])).toEqual([]);
  });

  it("hold the decision that they were made for, of its kind", () => {
    const [one, two, three] = stepsOf([line(0, 0, result()), line(1, 0, routing), line(2, 1, result()), line(3, 2, stage)]);
    if (one === undefined || two === undefined || three === undefined) throw new Error("three steps");
    expect(decisionOf(one)).toMatchObject(routing);
    expect(decisionOf(two)).toBeNull();
    expect(kindOf(decisionOf(one) ?? ({} as never))).toBe("routing decisions");
    expect(kindOf(decisionOf(three) ?? ({} as never))).toBe("stage changes");
    expect(() => kindOf(result() as never)).toThrow(expect.objectContaining({ code: "invariant" }));
    expect(eventIn(one, "ToolResult")).toMatchObject(result());
    expect(eventIn(two, "RoutingDecision")).toBeNull();
    expect([isNote(one), isNote(three)]).toEqual([false, false]);
  });
});

describe("the situation of a decision", () => {
  const start = situationAtStart({ task: { risk: "low", kind: "test" }, capability: false } as never);
  it("begins with what the router knows of the task", () => {
    expect(start).toBe('["low","test",false]');
  });
  it("is another after another event, and the same whatever its words, times and names are", () => {
    const after = (more: Payload) => situationAfter(start, { ...routing, stage: "Implement", attempt: 1, ...more } as never);
    expect(after({ model: "x", provider: "y", queue_ms: 3, call_id: "c" })).toBe(after({}));
    expect(after({ attempt: 2 })).not.toBe(after({}));
    expect(after({ selection_reason: "escalated" })).not.toBe(after({}));
    expect(situationAfter("other", routing as never)).not.toBe(situationAfter(start, routing as never));
  });
});

describe("trees that were verified", () => {
  const call = (tree: string): Payload => ({ type: "ToolCall", tree_hash: tree });
  const told = (...lines: readonly EventLine[]) => {
    const trees = new VerifiedTrees();
    for (const one of lines) trees.add(one);
    return trees;
  };
  it("are known by task, with each verdict once, where they were really verified", () => {
    const trees = told(
      line(0, 0, call("a")),
      line(1, 0, result()),
      line(2, 1, call("a")),
      line(3, 1, result()),
      line(4, 2, call("a")),
      line(5, 2, result({ output_hash: "w" })),
      line(6, 3, call("b")),
      line(7, 3, result({ reused: true })),
      line(8, 4, result({ output_hash: "x" })),
    );
    expect(trees.of("task", "a")).toEqual(["v", "w"]);
    expect(trees.of("task", "b")).toEqual([]);
    expect(trees.of("other", "a")).toEqual([]);
    expect(trees.of("task", undefined as never)).toEqual([]);
  });
  it("are those of the trial whose verdict it is, though trials run side by side", () => {
    const of = (trial: string, payload: Payload) => line(0, 0, payload, { trial });
    const trees = told(of("t1", call("a")), of("t2", call("b")), of("t1", result()), of("t2", result({ output_hash: "w" })));
    expect([trees.of("task", "a"), trees.of("task", "b")]).toEqual([["v"], ["w"]]);
    expect(told(line(0, 0, call("a"), { spec_id: null }), line(1, 0, result(), { spec_id: null })).of("", "a")).toEqual(["v"]);
  });
});

describe("the texts of a capsule", () => {
  const source = (texts: Readonly<Record<string, string>>) => {
    const asked: string[] = [];
    const held: TextSource = { text: (hash) => (asked.push(hash), texts[hash] ?? null), holds: (hash) => hash in texts };
    return { evidence: new Evidence(held), asked };
  };
  it("are looked up once, those that are missing too", () => {
    const { evidence, asked } = source({ a: "text" });
    expect([evidence.text("a"), evidence.text("a"), evidence.text("b"), evidence.text("b")]).toEqual(["text", "text", null, null]);
    expect(asked).toEqual(["a", "b"]);
    expect([evidence.holds("a"), evidence.holds("b")]).toEqual([true, false]);
  });
  it("are read as verdicts, or are none", () => {
    const { evidence } = source({ v: '{"status":"passed","tests":[]}', x: "text" });
    expect(evidence.verdict("v")).toEqual({ status: "passed", tests: [] });
    expect([evidence.verdict("x"), evidence.verdict("gone")]).toEqual([null, null]);
  });
  it("make room for one another", () => {
    const large = "x".repeat(7_000_000);
    const { evidence, asked } = source({ a: large, b: large, c: "small" });
    for (const hash of ["a", "c", "a", "b", "b", "c", "a"]) evidence.text(hash);
    expect(asked).toEqual(["a", "c", "b", "c", "a"]);
  });
  it("are told as redacted where a file of a patch is", () => {
    const { evidence } = source({ plain: "fn f() {}", secret: "key = [redacted:api-key]" });
    const patch = (after_hash: string | null) => ({ after_hash }) as never;
    expect(isRedacted(evidence, [patch("plain"), patch(null), patch("gone")])).toBe(false);
    expect(isRedacted(evidence, [])).toBe(false);
    expect(isRedacted(evidence, [patch("plain"), patch("secret")])).toBe(true);
  });
  it("are kept as far as there is room, the oldest going first", () => {
    const known = new Map<string, number>();
    const of = (key: string) => remembered(known, key, () => known.size + 1, 2);
    expect([of("a"), of("b"), of("a"), of("c")]).toEqual([1, 2, 1, 3]);
    expect([...known.keys()]).toEqual(["b", "c"]);
  });
});

describe("a stored policy", () => {
  it("is read, or said why not", () => {
    const snapshot = policyWith();
    expect(readStoredSnapshot(snapshotBlob(snapshot).text)).toMatchObject({ ok: true, snapshot: { hash: snapshot.hash } });
    expect(readStoredSnapshot(null)).toEqual({ ok: false, fault: "the PolicySnapshot is not in the capsule" });
    expect(readStoredSnapshot("x")).toEqual({ ok: false, fault: "the PolicySnapshot is not JSON" });
    expect(readStoredSnapshot("{}")).toMatchObject({ ok: false, fault: expect.stringMatching(/^the PolicySnapshot can't be read: \w+ /) });
  });
});

describe("what is the same", () => {
  it("is the same JSON, whatever the order of members", () => {
    expect([isSame({ a: 1, b: 2 }, { b: 2, a: 1 }), isSame([1, 2], [2, 1]), isSame(undefined, null), isSame({ a: 1 }, { a: 2 }), isSame(0, null)]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    expect(compared({ a: 1 }, { a: 1 })).toBe(AGREED);
    expect(compared({ a: 1 }, { a: 2 })).toEqual({ recorded: { a: 1 }, redone: { a: 2 } });
  });
  it("is written with whole characters, and nothing undefined", () => {
    expect(asJson({ a: undefined, b: ["x\ud800", "y"], c: "\ud83d\ude00" })).toEqual({ b: ["x\ufffd", "y"], c: "😀" });
    expect(asJson({ a: "plain" })).toEqual({ a: "plain" });
    expect(diffKey("a", "b")).not.toBe(diffKey("b", "a"));
  });
});

const finding = (more: Partial<Finding> = {}): Finding => ({
  level: "decisions",
  check: "c",
  kind: "k",
  what: "w",
  recorded: 1,
  redone: 2,
  cause: null,
  trial: "t",
  seq: 0,
  ...more,
});
const gap = (more: Partial<Gap> = {}): Gap => ({ level: "patches", reason: "r", trial: "t", seq: 0, ...more });

describe("checks on a trial", () => {
  const run = (claims: readonly Claim[], cause: Check["cause"] = null) => {
    const ledger = new Ledger();
    const check: Check = { name: "c", sentence: "It holds.", what: "things", cause, claims: () => claims };
    runChecks("prompts", [check], { trial: { id: "t" } } as unknown as TrialView, ledger);
    return { ...ledger.take(), counts: ledger.countsOf("prompts"), diverged: ledger.hasDiverged("prompts") };
  };
  it("agree, diverge in words of their own, or can't be made", () => {
    const found = run(
      [
        { seq: 1, recorded: { a: 1, b: 2 }, redone: { b: 2, a: 1 } },
        { seq: 2, recorded: 1, redone: 2 },
        { seq: 3, what: "finer", says: "so", recorded: 1, redone: null },
        { seq: 4, missing: "gone" },
      ],
      "record",
    );
    expect(found.findings).toEqual([
      { level: "prompts", check: "c", kind: "things", what: "does not hold: It holds.", recorded: 1, redone: 2, cause: "record", trial: "t", seq: 2 },
      { level: "prompts", check: "c", kind: "finer", what: "so", recorded: 1, redone: null, cause: "record", trial: "t", seq: 3 },
    ]);
    expect(found.gaps).toEqual([{ level: "prompts", trial: "t", seq: 4, reason: "gone" }]);
    expect(found.counts).toEqual([
      { what: "things", checked: 2, agreed: 1, gaps: 1 },
      { what: "finer", checked: 1, agreed: 0, gaps: 0 },
    ]);
    expect(found.diverged).toBe(true);
    expect(run([{ seq: 1, recorded: 1, redone: 1 }])).toMatchObject({ findings: [], diverged: false });
  });
});

describe("a ledger", () => {
  it("counts by level and kind, and gives findings and gaps away once", () => {
    const ledger = new Ledger();
    ledger.agree("decisions", "k");
    ledger.diverge(finding());
    ledger.gap("k", gap());
    expect(ledger.take()).toEqual({ findings: [finding()], gaps: [gap()] });
    expect(ledger.take()).toEqual({ findings: [], gaps: [] });
    expect(ledger.countsOf("decisions")).toEqual([{ what: "k", checked: 2, agreed: 1, gaps: 0 }]);
    expect(ledger.countsOf("patches")).toEqual([{ what: "k", checked: 0, agreed: 0, gaps: 1 }]);
    expect(ledger.countsOf("prompts")).toEqual([]);
    expect(LEVEL_NAMES.filter((level) => ledger.hasDiverged(level))).toEqual(["decisions"]);
    expect(LEVEL_NAMES).toEqual(["integrity", "decisions", "prompts", "patches", "re-execution", "model calls"]);
  });

  it.each([
    [[], false, "not-reconstructable"],
    [[], true, "diverged"],
    [[{ what: "k", checked: 0, agreed: 0, gaps: 3 }], false, "not-reconstructable"],
    [[{ what: "k", checked: 2, agreed: 2, gaps: 0 }], false, "proven"],
    [
      [
        { what: "k", checked: 2, agreed: 2, gaps: 0 },
        { what: "l", checked: 0, agreed: 0, gaps: 1 },
      ],
      false,
      "partly",
    ],
    [[{ what: "k", checked: 2, agreed: 1, gaps: 1 }], true, "diverged"],
  ] as const)("of %j (diverged: %s) comes to %s", (counts, diverged, status) => {
    expect(levelStatus(counts, diverged)).toBe(status);
  });
});

describe("tallies", () => {
  it("keep the first findings, a trial's all or none, in the order of the trial and of the levels", () => {
    const tally = new FindingTally();
    tally.add([finding({ seq: 3 }), finding({ seq: null }), finding({ seq: 2, level: "prompts" }), finding({ seq: 2, level: "integrity" })]);
    expect(tally.kept.map(({ seq, level }) => [seq, level])).toEqual([
      [null, "decisions"],
      [2, "integrity"],
      [2, "prompts"],
      [3, "decisions"],
    ]);
    tally.add(Array.from({ length: MOST_KEPT }, () => finding()));
    expect(tally.kept).toHaveLength(MOST_KEPT + 4);
    tally.add([finding()]);
    expect([tally.kept.length, tally.count]).toEqual([MOST_KEPT + 4, MOST_KEPT + 5]);
    expect(MOST_KEPT).toBe(200);
  });

  it("count gaps by reason, steps once, and name the first places", () => {
    const tally = new GapTally();
    const events = [line(0, 0, stage), line(1, 0, stage), line(2, 1, stage)];
    tally.add([gap({ seq: 0 }), gap({ seq: 1 }), gap({ seq: 2, level: "re-execution" })], events);
    expect(tally.steps).toBe(2);
    tally.add([gap({ seq: null }), gap({ seq: null, reason: "other" }), gap({ seq: 99 })], events);
    expect(tally.steps).toBe(3);
    tally.add([], events);
    expect(tally.list()).toEqual([
      {
        level: "patches",
        reason: "r",
        count: 4,
        places: [
          { trial: "t", seq: 0 },
          { trial: "t", seq: 1 },
          { trial: "t", seq: 99 },
        ],
      },
      { level: "patches", reason: "other", count: 1, places: [] },
      { level: "re-execution", reason: "r", count: 1, places: [{ trial: "t", seq: 2 }] },
    ]);
    tally.add(
      Array.from({ length: 300 }, () => gap()),
      events,
    );
    expect(tally.list()[0]).toMatchObject({ count: 304, places: { length: MOST_KEPT } });
  });
});
