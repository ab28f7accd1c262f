// Which plants a seed draws, by the rules of each time; who is asked about one, and which are left out.
import { describe, expect, it } from "vitest";
import { expectedFor, PLANTED, plantedAnswer, plantOmission, plantRoutings } from "../../../../../src/core/capsule/plan/calibration-plan.ts";
import type { TaskFacts } from "../../../../../src/core/capsule/line.ts";
import { type DrawnFrom, plantsFor, type PlantRules } from "../../../../../src/core/capsule/plan/plant-draw.ts";
import { bindings } from "../../../run/fakes.ts";

const tasks = (count: number, facts: Partial<TaskFacts> = {}): TaskFacts[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `t${index}`,
    kind: "test",
    risk: "low",
    area: "logic",
    error_codes: [],
    digest: "0".repeat(64),
    ...facts,
  }));
const rules = (plants: number, epochs = 3): PlantRules => ({ calibration_plants: plants, reflex_promotion: { min_epochs: epochs } });
const from = (facts: Partial<DrawnFrom> = {}): DrawnFrom => ({ tasks: tasks(4), epochs: 3, seed: 7, ...facts });
const overRun = (facts: Partial<DrawnFrom> = {}): DrawnFrom => from({ calibration: "whole-run", ...facts });
const idsOf = (header: DrawnFrom, plants: PlantRules) => plantsFor(header, plants).map(({ id }) => id);
const countsOf = <T>(items: readonly T[]) => new Map([...new Set(items)].map((item) => [item, items.filter((one) => one === item).length]));

describe("plants that are drawn over a whole run", () => {
  it("are so many in all, each once and shown in the first epoch", () => {
    const plants = plantsFor(overRun(), rules(20));
    expect(plants).toHaveLength(20);
    expect(new Set(plants.map(({ id }) => id)).size).toBe(20);
    for (const { id, task, plant, epoch } of plants) expect([id, epoch]).toEqual([`calibration/${task.id}/${plant}-1`, 1]);
    expect(plants.every(({ plant }) => plant.length > 0)).toBe(true);
  });

  it("are a shorter run's share, rounded up, and no more in a longer one", () => {
    expect(plantsFor(overRun({ epochs: 1 }), rules(8))).toHaveLength(3);
    expect(plantsFor(overRun({ epochs: 9 }), rules(8))).toHaveLength(8);
    expect(plantsFor(overRun(), rules(0))).toEqual([]);
  });

  it("are every different plant where more are asked for, and no more: five of each task", () => {
    const plants = plantsFor(overRun(), rules(100));
    expect(plants).toHaveLength(4 * 5);
    expect([...countsOf(plants.map(({ task }) => task.id)).values()]).toEqual([5, 5, 5, 5]);
  });

  it("have every task's reference in the first three rounds, and one good plant to two bad ones", () => {
    const [twelve, thirty] = [plantsFor(overRun({ tasks: tasks(6) }), rules(18)), plantsFor(overRun({ tasks: tasks(30) }), rules(30))];
    expect(new Set(twelve.filter(({ plant }) => plant === "reference").map(({ task }) => task.id)).size).toBe(6);
    expect(countsOf(thirty.map(({ plant }) => plant))).toEqual(
      new Map([
        ["reference", 10],
        ["broken", 5],
        ["tests-gutted", 5],
        ["tampered", 5],
        ["wrong-but-compiling", 5],
      ]),
    );
  });

  it("are drawn by the seed, on tasks that an honest patch can pass", () => {
    expect(idsOf(overRun(), rules(9))).toEqual(idsOf(overRun(), rules(9)));
    expect(idsOf(overRun(), rules(9))).not.toEqual(idsOf(overRun({ seed: 8 }), rules(9)));
    const mixed = [...tasks(2), ...tasks(2, { impossible: true }).map((task) => ({ ...task, id: `no-${task.id}` }))];
    expect(new Set(plantsFor(overRun({ tasks: mixed }), rules(99)).map(({ task }) => task.id))).toEqual(new Set(["t0", "t1"]));
    expect(plantsFor(overRun({ tasks: tasks(2, { impossible: true }) }), rules(9))).toEqual([]);
  });

  it("are the same for as long as runs are replayed", () => {
    expect(idsOf(overRun(), rules(7))).toEqual([
      "calibration/t1/reference-1",
      "calibration/t2/broken-1",
      "calibration/t0/tests-gutted-1",
      "calibration/t3/reference-1",
      "calibration/t1/broken-1",
      "calibration/t2/tests-gutted-1",
      "calibration/t0/reference-1",
    ]);
    expect(idsOf(from({ epochs: 2 }), rules(5))).toEqual([
      "calibration/t1/reference-1",
      "calibration/t2/broken-1",
      "calibration/t0/tests-gutted-1",
      "calibration/t3/reference-1",
      "calibration/t2/tampered-1",
      "calibration/t3/reference-2",
      "calibration/t2/broken-2",
      "calibration/t0/tests-gutted-2",
      "calibration/t1/reference-2",
      "calibration/t2/tampered-2",
    ]);
  });
});

describe("plants that are drawn for each epoch", () => {
  it("are so many in each, numbered by it; runs that don't say how are of that time", () => {
    const plants = plantsFor(from(), rules(4));
    expect(plants.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect(plants).toEqual(plantsFor(from({ calibration: "complete" }), rules(4)));
    expect(plants.every(({ id, epoch }) => id.endsWith(`-${epoch}`))).toBe(true);
  });

  it("are on different tasks as long as there are some, and other ones in another epoch", () => {
    const plants = plantsFor(from({ tasks: tasks(12) }), rules(12));
    const inEpoch = (epoch: number) => plants.filter((one) => one.epoch === epoch).map(({ task }) => task.id);
    expect(new Set(inEpoch(1)).size).toBe(12);
    expect(inEpoch(1)).not.toEqual(inEpoch(2));
  });

  it("are each at most once, however many are asked for", () => {
    const plants = plantsFor(from({ epochs: 1, tasks: tasks(2) }), rules(500));
    expect(new Set(plants.map(({ id }) => id)).size).toBe(plants.length);
    // Six kinds and two tasks pair up only by the shift.
    expect(plants).toHaveLength(10);
    expect(plantsFor(from({ tasks: tasks(2, { impossible: true }) }), rules(9))).toEqual([]);
  });
});

describe("a plant", () => {
  it("should be unlocked where it is the reference, and blocked otherwise", () => {
    expect(expectedFor("reference")).toBe("unlock");
    for (const plant of ["broken", "tests-gutted", "tampered", "wrong-but-compiling"] as const) expect(expectedFor(plant)).toBe("block");
  });

  it("passes through the Implementer's place, the critic and the Judge, under a reason of its own", () => {
    const now = plantRoutings({ bindings: bindings(), calibration: "whole-run" });
    const common = { mode: "Cloud", attempt: 1, stand_in: null, outside_policy: false };
    expect(now).toEqual([
      { ...common, role: "Implementer", stage: "Implement", selection_reason: "planted", provider: "embedded", model: "planted" },
      { ...common, role: "SidecarCritic", stage: "Audit", selection_reason: "critic-always-on", provider: "cloud", model: "mini" },
      { ...common, role: "Judge", stage: "Unlock", selection_reason: "judge-unlocks", provider: "cloud", model: "big" },
    ]);
    const [borrowed, ...others] = plantRoutings({ bindings: bindings(), calibration: undefined });
    expect(borrowed).toEqual({ ...now[0], selection_reason: "escalated-after-reflex-attempts" });
    expect(others).toEqual(now.slice(1));
  });

  it("says which stand-in judges it", () => {
    const judge = { provider: "embedded", model: "big", standIn: "test-verdict" };
    expect(plantRoutings({ bindings: { ...bindings(), judge }, calibration: "complete" })[2].stand_in).toBe("test-verdict");
    expect(PLANTED.standIn).toBeNull();
  });

  it("is left out where its verdict shows that it is not what it should be", () => {
    expect(plantOmission("reference", "passed")).toBeNull();
    expect(plantOmission("broken", "failed")).toBeNull();
    expect(plantOmission("tampered", "tampered")).toBeNull();
    for (const verdict of ["failed", "infrastructure", undefined]) expect(plantOmission("reference", verdict)).toBe("other-worth");
    for (const verdict of ["passed", "infrastructure", "patch-rejected"]) expect(plantOmission("broken", verdict)).toBe("other-worth");
  });

  it("is an answer of whole files, or none where the task has no place for it", () => {
    const ground = { tree: new Map([["src/a.rs", "fn a() -> u8 { 2 }\n"]]), solution: [{ path: "src/a.rs", search: "2", replace: "1" }] };
    const answer = JSON.parse(plantedAnswer("reference", ground) ?? "") as { edits: readonly object[] };
    expect(answer.edits).toEqual([{ path: "src/a.rs", search: "fn a() -> u8 { 2 }\n", replace: "fn a() -> u8 { 1 }\n" }]);
    expect(plantedAnswer("tests-gutted", ground)).toBeNull();
  });
});
