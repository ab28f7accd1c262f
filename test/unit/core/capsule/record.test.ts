// A run's record: which trials are calibration, in which order events are told, and what belongs to whom.
import { describe, expect, it } from "vitest";
import { familiesOf, familyOf } from "../../../../src/core/capsule/plan/task-family.ts";
import { inPlanOrder } from "../../../../src/core/capsule/order.ts";
import { calibrationTrialId, foldRun, isCalibrationId, isCalibrationTrial } from "../../../../src/core/capsule/record.ts";
import { eachHash } from "../../../../src/core/capsule/reference.ts";
import { spentIn } from "../../../../src/core/capsule/spent.ts";
import type { EventOf, TrialEvent } from "../../../../src/core/trial/event.ts";
import { headerOf, taskNamed } from "../../run/fakes.ts";
import { attemptEvents } from "../router/history.ts";
import { plainLine } from "./sealed.ts";

const header = headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small", "calibration"], epochs: 2 });
const plant = (name: string, seq = 0) => plainLine(`calibration/fix-a/${name}`, seq);

describe("a calibration trial", () => {
  it("has an id that no candidate's trial has, whatever the candidate is called", () => {
    expect(calibrationTrialId("fix-a", "tests-gutted", 2)).toBe("calibration/fix-a/tests-gutted-2");
    expect(isCalibrationTrial(header, "calibration/fix-a/tests-gutted-2")).toBe(true);
    expect(isCalibrationTrial(header, "calibration/fix-a/2")).toBe(false);
  });

  it.each([
    null,
    "",
    "calibration/fix-z/broken-1",
    "calibration/fix-a/broken-0",
    "calibration/fix-a/broken-3",
    "calibration/fix-a/broken",
    "x/fix-a/broken-1",
    "calibration/fix-a/broken-1/more",
  ])("is none of this run's: %s", (trial) => expect(isCalibrationTrial(header, trial)).toBe(false));

  it.each(["calibration/fix-a/broken-1", "calibration/fix-c/reference-2"])("is one of this run's tasks and epochs: %s", (trial) =>
    expect(isCalibrationTrial(header, trial)).toBe(true),
  );

  it("is told from others by where its id begins", () => {
    expect(isCalibrationId("calibration/fix-a/broken-1")).toBe(true);
    expect(isCalibrationId("small/fix-a/1")).toBe(false);
    expect(isCalibrationId(null)).toBe(false);
  });
});

describe("the record of a run", () => {
  it("has calibration apart, by trial and in order, and a candidate of that name among the trials", () => {
    const lines = [plant("reference-1", 1), plant("broken-1"), plant("reference-1"), plainLine("calibration/fix-a/1", 0), plainLine("who/knows/1", 0)];
    const { trials, calibration, runEvents } = foldRun(header, lines);
    expect(calibration.map(({ trial, seq }) => `${trial ?? ""} ${seq}`)).toEqual([
      "calibration/fix-a/broken-1 0",
      "calibration/fix-a/reference-1 0",
      "calibration/fix-a/reference-1 1",
    ]);
    expect(trials.filter(({ events }) => events.length > 0).map(({ id }) => id)).toEqual(["calibration/fix-a/1"]);
    expect(runEvents).toEqual([]);
  });
});

describe("plan order", () => {
  it("has the run's own events first, then the first planned trial", () => {
    const [own, first] = [plainLine(null, 0), plainLine("small/fix-a/1", 0)];
    expect(inPlanOrder(header, [first, own])).toEqual([own, first]);
    const late = plainLine(null, 9);
    expect(inPlanOrder(header, [first, late, own])).toEqual([own, late, first]);
  });

  it("has trials that were not planned last, by their names, and each by its numbers", () => {
    const ordered = [plainLine("calibration/fix-c/broken-2", 0), plant("a-1", 0), plant("a-1", 1), plant("b-1", 0), plainLine("z/z/1", 0)];
    const [planned, ...others] = [ordered[0], ...ordered.slice(1)];
    if (!planned) throw new Error("no line");
    const byName = [...others.slice(0, 3), planned, ...others.slice(3)];
    expect(inPlanOrder(header, ordered.toReversed())).toEqual(byName);
    expect(inPlanOrder(header, ordered)).toEqual(byName);
  });
});

describe("what a run spent", () => {
  const routing = {
    role: "Judge",
    mode: "Cloud",
    stage: "Unlock",
    attempt: 1,
    provider: "p",
    model: "m",
    selection_reason: "judge-unlocks",
    stand_in: null,
    outside_policy: false,
  } as const;
  const call = attemptEvents(routing, "failed").find((event): event is EventOf<"ModelCallEnvelope"> => event.type === "ModelCallEnvelope");
  const payload: TrialEvent = { ...(call as EventOf<"ModelCallEnvelope">), cost_usd: 2, prompt_tokens: 10, response_tokens: 1 };
  const paid = plainLine(null, 0, { payload });

  it("counts calls of the run itself and of calibration, and no other event", () => {
    expect(spentIn({ trials: [], runEvents: [paid, plainLine(null, 1)], calibration: [] }).costUsd).toBe(2);
    expect(spentIn({ trials: [], runEvents: [], calibration: [paid, paid] })).toMatchObject({ costUsd: 4, tokens: 22 });
    expect(spentIn({ trials: [], runEvents: [plainLine(null, 0)], calibration: [] })).toMatchObject({
      costUsd: 0,
      tokens: 0,
      callsOfUnknownCost: 0,
      callsOfUnknownTokens: 0,
    });
  });
});

describe("hashes in a line", () => {
  it("are whole strings of 64 digits, and nothing longer, shorter or in capitals", () => {
    const hash = "ab".repeat(32);
    const found: string[] = [];
    eachHash({ [hash]: 1, a: hash, b: `${hash}0`, c: hash.slice(1), d: hash.toUpperCase(), e: [hash, null, 2] }, (each) => found.push(each));
    expect(found).toEqual([hash, hash, hash]);
  });
});

describe("a task's family", () => {
  it("is what its header tells", () => expect(familyOf({ id: "t", family: "f", editable: ["b"] })).toBe("f"));
  it("is the files that a patch may change where older headers tell those alone, in any order", () => {
    expect(familyOf({ id: "t", editable: ["b", "a"] })).toBe("a b");
    expect(familyOf({ id: "t", editable: ["a", "b"] })).toBe("a b");
  });
  it("is the task itself where nothing is told", () => {
    expect(familyOf({ id: "t" })).toBe("t");
    expect(familyOf({ id: "t", editable: [] })).toBe("t");
  });

  it("is looked up over several runs, and a task of none stands for itself", () => {
    const [task] = header.tasks;
    if (!task) throw new Error("no task");
    const of = (id: string, family: string) => ({ tasks: [{ ...task, id, family }] });
    const family = familiesOf(of("a", "one"), of("b", "two"));
    expect(["a", "b", "c"].map(family)).toEqual(["one", "two", "c"]);
  });
});
