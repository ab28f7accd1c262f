// Each check on a calibration trial by itself: what is claimed of one where something in it is missing, too much or not what it should be.
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import type { EventLine, Header } from "../../../../src/core/capsule/line.ts";
import { plantedAnswer, plantRoutings } from "../../../../src/core/capsule/plan/calibration-plan.ts";
import { plantsFor } from "../../../../src/core/capsule/plan/plant-draw.ts";
import type { Check, Claim, TrialView } from "../../../../src/core/replay/check.ts";
import {
  calibrationParts,
  calibrationRecord,
  countedSeparately,
  OMISSION_IS_EARNED,
  PLANT_GOES_ITS_WAY,
  PLANT_IS_REBUILT,
  plantIsDrawnAgain,
} from "../../../../src/core/replay/planted.ts";
import { scenesOf } from "../../../../src/core/replay/scene.ts";
import { headerOf, planting, policyWith, suiteOf, taskNamed } from "../../run/fakes.ts";

type Payload = Readonly<Record<string, unknown>>;
const snapshot = policyWith(planting(6));
const header: Header = { ...headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"], epochs: 2, snapshot }), calibration: "whole-run" };
const [drawn] = plantsFor(header, snapshot.policy.gates);
if (drawn === undefined) throw new Error("the seed draws a plant");
const scene = scenesOf(suiteOf([taskNamed("a"), taskNamed("c")]), snapshot.policy.prompt)(drawn.task.id);
if (typeof scene === "string") throw new Error(scene);

/** A plant's events are at 10, 11, …: so a place is not taken for a count. */
const FIRST = 10;
const linesOf = (payloads: readonly Payload[]) =>
  payloads.map((payload, at) => ({ seq: FIRST + at, step: 0, trial: drawn.id, payload }) as unknown as EventLine);

function claims(check: Check, payloads: readonly Payload[], more: Partial<TrialView> = {}): readonly Claim[] {
  const steps = calibrationParts(linesOf(payloads));
  const view = { header, snapshot, trial: { id: drawn?.id }, steps, scene, scrub: (text: string) => text, ...more } as unknown as TrialView;
  return [...check.claims({ ...view, seqOf: (event) => FIRST + payloads.indexOf(event as unknown as Payload) })];
}

const opening: Payload = { type: "CalibrationPlant", plant: drawn.plant, right: drawn.plant === "reference" ? "unlock" : "block", epoch: drawn.epoch };
const routed = plantRoutings(header).map((routing): Payload => ({ type: "RoutingDecision", is_fallback: false, ...routing }));
const [implementer = {}, , judge = {}] = routed;
const verdict = (status: string): Payload => ({ type: "ToolResult", verdict: { status } });

describe("a calibration trial", () => {
  it("is read as a trial of its task and epoch, by no candidate", () => {
    expect(calibrationRecord(header, { id: "calibration/fix-c/tests-gutted-12", events: [] })).toMatchObject({
      id: "calibration/fix-c/tests-gutted-12",
      candidate: "planted",
      task: { id: "fix-c" },
      epoch: 12,
      events: [],
    });
  });

  it("is none where its task is not the run's, or its id is not one", () => {
    for (const id of [
      "calibration/fix-z/broken-1",
      "x/calibration/fix-a/broken-1",
      "calibration/fix-a/broken-1/x",
      "calibration/fix-a/broken",
      "small/fix-a/1",
    ])
      expect(calibrationRecord(header, { id, events: [] }), id).toBeNull();
  });

  it("is a step for each who was asked, though it was recorded as one", () => {
    const parts = calibrationParts(linesOf([opening, ...routed.slice(0, 1), verdict("passed"), ...routed.slice(1)]));
    expect(parts.map(({ seq, events }) => [seq, events.map(({ type }) => type)])).toEqual([
      [10, ["CalibrationPlant"]],
      [11, ["RoutingDecision", "ToolResult"]],
      [13, ["RoutingDecision"]],
      [14, ["RoutingDecision"]],
    ]);
    expect(parts[1]?.lines.map(({ seq }) => seq)).toEqual([11, 12]);
    expect(calibrationParts([])).toEqual([]);
  });

  it("is counted apart from candidates' trials, whether a claim names its kind or leaves that to the check", () => {
    const said: readonly Claim[] = [
      { seq: 1, what: "answers", recorded: 1, redone: 1 },
      { seq: 2, recorded: 1, redone: 1 },
      { seq: 3, what: "texts", missing: "m" },
    ];
    const { what, name, claims: marked } = countedSeparately({ ...PLANT_IS_REBUILT, claims: () => said });
    expect([name, what]).toEqual(["plant-is-rebuilt", "planted answers (calibration)"]);
    expect([...marked({} as never)]).toEqual([{ ...said[0], what: "answers (calibration)" }, said[1], { ...said[2], what: "texts (calibration)" }]);
  });

  it("is held to checks with these names, in sentences", () => {
    const checks = [plantIsDrawnAgain(header, snapshot), PLANT_GOES_ITS_WAY, PLANT_IS_REBUILT, OMISSION_IS_EARNED];
    expect(checks.map(({ name, what, cause }) => [name, what, cause])).toEqual([
      ["plant-is-drawn-again", "planted patches", null],
      ["plant-goes-its-way", "routing decisions", null],
      ["plant-is-rebuilt", "planted answers", null],
      ["omission-is-earned", "plants left out", null],
    ]);
    for (const { sentence } of checks) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe("what was planted", () => {
  const said = (payloads: readonly Payload[], more: object = {}) => claims(plantIsDrawnAgain(header, snapshot), payloads, more);
  const right = { plant: opening["plant"], right: opening["right"], epoch: opening["epoch"] };

  it("is what the seed draws for this trial", () => {
    expect(said([opening])).toEqual([{ seq: 10, recorded: right, redone: right }]);
    expect(said([{ ...opening, epoch: 2 }])).toEqual([{ seq: 10, recorded: { ...right, epoch: 2 }, redone: right }]);
    expect(said([opening], { trial: { id: "calibration/fix-a/broken-7" } })).toEqual([{ seq: 10, recorded: right, redone: null }]);
  });

  it("is told at the start of the trial: what begins otherwise, or not at all, is none", () => {
    expect(said([...routed])).toEqual([{ seq: 10, recorded: "RoutingDecision", redone: "CalibrationPlant" }]);
    expect(said([])).toEqual([{ seq: 0, recorded: null, redone: "CalibrationPlant" }]);
  });
});

describe("who was asked about a plant", () => {
  const said = (payloads: readonly Payload[]) => claims(PLANT_GOES_ITS_WAY, payloads);
  const agreed = (found: readonly Claim[]) => found.map((claim) => "recorded" in claim && JSON.stringify(claim.recorded) === JSON.stringify(claim.redone));

  it("is the program, the critic and the Judge of this run, in that order", () => {
    const found = said([opening, ...routed]);
    expect(found.map(({ seq }) => seq)).toEqual([11, 12, 13]);
    expect(agreed(found)).toEqual([true, true, true]);
    expect(agreed(said([opening, ...routed.toReversed()]))).toEqual([false, true, false]);
    expect(agreed(said([opening, { ...implementer, selection_reason: "escalated-after-reflex-attempts" }, ...routed.slice(1)]))).toEqual([false, true, true]);
  });

  it("is nobody more: a further question is told in full, and where it was asked", () => {
    const again = said([opening, ...routed, judge]);
    expect(agreed(again)).toEqual([true, true, true, false]);
    expect(again[3]).toEqual({ seq: 13, recorded: judge, redone: null });
  });

  it("is nobody less: the count is told at the last one who was asked", () => {
    expect(said([opening, ...routed.slice(0, 2)])[2]).toEqual({ seq: 12, recorded: 2, redone: 3 });
    expect(said([opening])).toEqual([{ seq: 10, recorded: 0, redone: 3 }]);
    expect(said([])).toEqual([{ seq: 0, recorded: 0, redone: 3 }]);
  });

  it("is the program alone where the plant is not worth what it should be, and nobody where there is no place for it", () => {
    const other = { ...opening, left_out: "other-worth" };
    expect(agreed(said([other, ...routed.slice(0, 1)]))).toEqual([true]);
    expect(agreed(said([other, ...routed.slice(0, 2)]))).toEqual([true, false]);
    expect(said([other])).toEqual([{ seq: 10, recorded: 0, redone: 1 }]);
    const none = { ...opening, left_out: "no-place" };
    expect(said([none])).toEqual([]);
    expect(agreed(said([none, ...routed.slice(0, 1)]))).toEqual([false]);
    // What is said anywhere but at the start leaves nothing out.
    expect(said([...routed.slice(0, 1), none]).at(-1)).toMatchObject({ recorded: 1, redone: 3 });
  });
});

describe("a plant that was left out", () => {
  const said = (payloads: readonly Payload[], more: Partial<TrialView> = {}) => claims(OMISSION_IS_EARNED, payloads, more);
  const broken = { ...opening, plant: "broken" };

  it("is one whose verdict is not its kind's, or one without a verdict", () => {
    expect(said([broken, ...routed.slice(0, 1), verdict("failed")])).toEqual([{ seq: 10, recorded: null, redone: null }]);
    expect(said([broken, ...routed.slice(0, 1), verdict("passed")])).toEqual([{ seq: 10, recorded: null, redone: "other-worth" }]);
    expect(said([{ ...broken, left_out: "other-worth" }, ...routed.slice(0, 1), verdict("failed")])).toEqual([
      { seq: 10, recorded: "other-worth", redone: null },
    ]);
    expect(said([{ ...broken, left_out: "no-place" }])).toEqual([{ seq: 10, recorded: "no-place", redone: "no-place" }]);
    expect(said([{ ...broken, left_out: "other-worth" }])).toEqual([{ seq: 10, recorded: "other-worth", redone: "no-place" }]);
  });

  it("is judged by the first verdict, and only in runs that say how they planted", () => {
    expect(said([broken, ...routed.slice(0, 1), verdict("failed"), verdict("passed")])).toEqual([{ seq: 10, recorded: null, redone: null }]);
    const { calibration: _, ...before } = header;
    expect(said([broken, verdict("passed")], { header: before })).toEqual([]);
    expect(said([...routed.slice(0, 1), verdict("passed")])).toEqual([]);
  });
});

describe("a planted answer", () => {
  const call = (more: Payload = {}): Payload => ({ type: "ModelCallEnvelope", role: "Implementer", response_hash: hash, ...more });
  const answer = plantedAnswer(drawn.plant, { tree: scene.tree, solution: scene.task.solution }) ?? "";
  const hash = sha256(answer);
  const said = (payloads: readonly Payload[], more: Partial<TrialView> = {}) => claims(PLANT_IS_REBUILT, payloads, more);

  it("is made again from the suite, with what the run took out of its texts", () => {
    expect(answer).not.toBe("");
    expect(said([opening, ...routed.slice(0, 1), call()])).toEqual([{ seq: 12, recorded: hash, redone: hash }]);
    expect(said([opening, call({ response_hash: "x" })])).toEqual([{ seq: 11, recorded: "x", redone: hash }]);
    expect(said([opening, call()], { scrub: () => "scrubbed" })).toEqual([{ seq: 11, recorded: hash, redone: sha256("scrubbed") }]);
  });

  it("is the Implementer's, not what others said of it; where none was called there is none", () => {
    expect(said([opening, judge, call({ role: "Judge", response_hash: "j" }), implementer, call()])).toEqual([{ seq: 14, recorded: hash, redone: hash }]);
    // Neither one before it nor one after it stands in for it.
    const other = call({ response_hash: "x" });
    expect(said([opening, call(), other])).toEqual([
      { seq: 11, recorded: hash, redone: hash },
      { seq: 12, recorded: "x", redone: hash },
    ]);
    expect(said([opening, other, call()]).map((claim) => "recorded" in claim && claim.recorded)).toEqual(["x", hash]);
    expect(said([opening, call({ role: "Judge" })])).toEqual([{ seq: 10, recorded: null, redone: hash }]);
    expect(said([])).toEqual([{ seq: 0, recorded: null, redone: null }]);
  });

  it("is none of a kind that is none, nor where nothing was planted", () => {
    expect(said([{ ...opening, plant: "tampered-with" }, call()])).toEqual([{ seq: 11, recorded: hash, redone: null }]);
    expect(said([...routed.slice(0, 1), call()])).toEqual([{ seq: 11, recorded: hash, redone: null }]);
  });

  it("can't be told where the suite is not here", () => {
    expect(said([opening, call()], { scene: "no suite" })).toEqual([{ seq: 11, missing: "no suite" }]);
  });
});
