// Calibration: plants of known worth go before the Judge and the critic, unlabelled, and their errors are counted.
import { describe, expect, it } from "vitest";
import { foldRun } from "../../../src/core/capsule/record.ts";
import { inPlanOrder } from "../../../src/core/capsule/order.ts";
import { calibrationRates, type Planted, plantedIn } from "../../../src/core/metrics/calibration.ts";
import { passRate } from "../../../src/core/metrics/statistics/interval.ts";
import { brokenTree } from "../../../src/core/suite/suite.ts";
import { editsOf, plantedChanges } from "../../../src/core/verdict/plant.ts";
import { runBakeoff } from "../../../src/app/run/bakeoff.ts";
import { plantsFor } from "../../../src/core/capsule/plan/plant-draw.ts";
import type { ModelRequest } from "../../../src/ports/models.ts";
import {
  answered,
  critic,
  fakeBench,
  fakeProvider,
  goodScript,
  headerOf,
  keptOf,
  memoryJournal,
  optionsFor,
  planting,
  policyWith,
  type Script,
  TASKS,
  taskNamed,
  unlock,
  ranIn,
} from "../run/fakes.ts";

const snapshot = policyWith(planting(6));
const sketch = { snapshot, epochs: 2, candidates: ["small"] };
/** So many for a run of two epochs. */
const rules = (plants: number, epochs = 2) => ({ calibration_plants: plants, reflex_promotion: { min_epochs: epochs } });

async function runWith(script: Script) {
  const calls: ModelRequest[] = [];
  const journal = memoryJournal(headerOf(sketch));
  const providers = new Map(["local", "cloud"].map((name) => [name, fakeProvider(name, script, calls)]));
  const record = await ranIn(journal, optionsFor({ ...sketch, script }, journal, { providers }));
  return { record, journal, calls };
}

/** Judges by the verdict alone, as a right Judge would. */
const rightJudge: Script = (request, provider) =>
  request.purpose === "judge" ? answered(unlock(request.material.verdict?.status === "passed" ? "UNLOCK" : "BLOCK")) : goodScript(request, provider);

const errorsOf = (planted: readonly Planted[]) => calibrationRates(planted, (tallies) => passRate(tallies));

describe("a run's calibration", () => {
  it("plants good and bad patches in trials of their own, which no candidate's trials are mixed with", async () => {
    const { record, journal } = await runWith(rightJudge);
    expect(record.trials).toHaveLength(TASKS.length * 2);
    const planted = plantedIn(record);
    expect(new Set(planted.map(({ plant }) => plant))).toContain("reference");
    expect(planted.filter(({ right }) => right === "block").length).toBeGreaterThan(0);
    // Every drawn plant is there: those that were shown to nobody say why.
    const left = record.calibration.filter(({ payload }) => payload.type === "CalibrationPlant" && payload.left_out !== undefined);
    const drawn = plantsFor(headerOf(sketch), snapshot.policy.gates).map(({ id }) => id);
    expect([...new Set(record.calibration.map(({ trial }) => trial))].toSorted()).toEqual(drawn.toSorted());
    expect(planted.length + left.length).toBe(drawn.length);
    expect(journal.sealed[0]?.events).toEqual(inPlanOrder(headerOf(sketch), journal.events.toReversed()));
  });

  it("finds no error in a Judge that is right, and all of them in one that unlocks everything", async () => {
    const right = errorsOf(plantedIn((await runWith(rightJudge)).record));
    expect([right.falseUnlock.value, right.falseBlock.value]).toEqual([0, 0]);
    const blind = errorsOf(plantedIn((await runWith(goodScript)).record));
    expect(blind.falseUnlock.value).toBe(1);
    expect(blind.falseUnlock.low).toBeGreaterThan(0);
    expect(blind.falseBlock.value).toBe(0);
  });

  it("counts a critic that blocks, and a Judge who says nothing as no judgement", async () => {
    const blocking: Script = (request, provider) => (request.purpose === "critique" ? answered(critic("block")) : rightJudge(request, provider));
    expect(errorsOf(plantedIn((await runWith(blocking)).record))).toMatchObject({ falseBlock: { value: 1 }, criticBlocksGood: { value: 1 } });
    const mute: Script = (request, provider) => (request.purpose === "judge" ? answered("hm") : goodScript(request, provider));
    expect(errorsOf(plantedIn((await runWith(mute)).record)).falseUnlock).toMatchObject({ value: null, n: 0 });
  });

  it("tells neither the Judge nor the critic that a patch was planted", async () => {
    const { calls } = await runWith(rightJudge);
    const told = calls.filter(({ purpose }) => purpose !== "patch").map(({ messages }) => JSON.stringify(messages));
    expect(told.length).toBeGreaterThan(0);
    for (const text of told) expect(text).not.toMatch(/calibrat|planted|reference solution/i);
  });

  it("goes on where it stopped, and plants nothing where the policy says so", async () => {
    const { record, journal } = await runWith(rightJudge);
    const events = journal.events.filter(({ trial }) => trial !== record.calibration[0]?.trial);
    const again = memoryJournal(headerOf(sketch));
    const { kept } = keptOf({ events, blobs: journal.blobs });
    await runBakeoff(optionsFor({ ...sketch, script: rightJudge }, again, { kept }));
    expect(new Set(again.events.map(({ trial }) => trial))).toEqual(new Set([record.calibration[0]?.trial]));
    expect(plantsFor(headerOf(sketch), rules(0))).toEqual([]);
  });

  it("plants nothing on impossible tasks: no patch of them is known to be good", () => {
    const header = headerOf({ ...sketch, tasks: ["a", "b"].map((name) => taskNamed(name)) });
    const [first, second] = header.tasks;
    const mixed = { ...header, tasks: [{ ...(first as (typeof header.tasks)[number]), impossible: true as const }, second as (typeof header.tasks)[number]] };
    expect(new Set(plantsFor(mixed, rules(4)).map(({ task }) => task.id))).toEqual(new Set([second?.id]));
    expect(plantsFor({ ...mixed, tasks: mixed.tasks.slice(0, 1) }, rules(4))).toEqual([]);
  });

  it("draws the same plants for the same seed, each once, other tasks first", () => {
    const header = headerOf({ ...sketch, tasks: ["a", "b", "c", "d"].map((name) => taskNamed(name)) });
    const plants = plantsFor(header, rules(8));
    expect(plants).toEqual(plantsFor(header, rules(8)));
    expect(plants).not.toEqual(plantsFor({ ...header, seed: 2 }, rules(8)));
    expect(new Set(plants.map(({ id }) => id)).size).toBe(8);
    expect(new Set(plants.slice(0, 4).map(({ task }) => task.id)).size).toBe(4);
    // Every kind on every task, and no more: the same patch shown again is no further observation.
    expect(plantsFor(header, rules(10_000))).toHaveLength(4 * 5);
  });

  it("draws one good patch to two bad ones, whatever the number of tasks", () => {
    for (const count of [6, 7, 13, 57, 70]) {
      const { tasks, ...header } = headerOf(sketch);
      const many = Array.from({ length: count }, (_, index) => ({ ...(tasks[0] as (typeof tasks)[number]), id: `t${index}` }));
      const plants = plantsFor({ ...header, tasks: many }, rules(3 * count));
      expect(plants.filter(({ plant }) => plant === "reference")).toHaveLength(count);
      expect(new Set(plants.map(({ plant }) => plant)).size).toBe(5);
    }
  });

  it("plants in proportion: a run of fewer epochs than a gate asks has its share, one of more has no more", () => {
    const header = headerOf({ ...sketch, tasks: ["a", "b", "c", "d"].map((name) => taskNamed(name)) });
    expect([1, 2, 4, 40].map((epochs) => plantsFor({ ...header, epochs }, rules(12, 4)).length)).toEqual([3, 6, 12, 12]);
  });

  it("draws runs of the time before as they were drawn: so many in each epoch", () => {
    const { calibration: _, ...header } = headerOf({ ...sketch, tasks: ["a", "b", "c", "d"].map((name) => taskNamed(name)) });
    const ids = (told: object) => plantsFor({ ...header, ...told }, rules(3)).map(({ id }) => id);
    const BEFORE = ["d/reference-1", "b/broken-1", "c/tests-gutted-1", "d/reference-2", "b/broken-2", "a/tests-gutted-2"].map(
      (name) => `calibration/fix-${name}`,
    );
    expect(ids({})).toEqual(BEFORE);
    expect(ids({ calibration: "complete" })).toEqual(BEFORE);
  });

  it("verifies its plants in the first run on a base alone, and asks the Judge and the critic about them in every one", async () => {
    const bench = fakeBench();
    const again = async () => {
      const calls: ModelRequest[] = [];
      const journal = memoryJournal(headerOf(sketch));
      const providers = new Map(["local", "cloud"].map((name) => [name, fakeProvider(name, rightJudge, calls)]));
      bench.verified.length = 0;
      const record = await ranIn(journal, optionsFor({ ...sketch, script: rightJudge }, journal, { providers, bench }));
      const results = record.calibration.flatMap(({ payload }) => (payload.type === "ToolResult" ? [payload] : []));
      const asked = calls.filter(({ purpose }) => purpose === "judge" || purpose === "critique").length;
      return { record, verified: bench.verified.length, kept: results.filter(({ kept }) => kept).length, ran: results.length, asked };
    };
    const [first, second] = [await again(), await again()];
    expect(first.kept).toBe(0);
    expect(second.kept).toBe(second.ran);
    expect(second.verified).toBeLessThan(first.verified);
    expect(second.asked).toBe(first.asked);
    expect(plantedIn(second.record)).toEqual(plantedIn(first.record));
  });

  it("is not part of any trial when a capsule without it is folded", () => {
    expect(foldRun(headerOf(sketch), []).calibration).toEqual([]);
  });
});

describe("plants", () => {
  const task = taskNamed("a");
  const ground = { tree: brokenTree(task), solution: task.solution };

  it("are the solution, and four ways of not being it", () => {
    const text = (plant: Parameters<typeof plantedChanges>[0]) => plantedChanges(plant, ground)?.get("src/a.rs");
    expect(text("reference")).toBe("// a\npub fn a() -> u32 {\n    1\n}\n");
    expect(text("broken")).toContain("    2\n");
    expect(text("tampered")).toContain("std::process::exit(0);");
    expect(text("wrong-but-compiling")).toMatch(/-> u32 \{\n {4}todo!\(\);/);
    expect(text("tests-gutted")).toBeUndefined();
  });

  it("take the tests out where there are any, and leave the rest", () => {
    const source = "pub fn a() -> u32 { 2 }\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n";
    const changes = plantedChanges("tests-gutted", {
      tree: new Map([["src/a.rs", source]]),
      solution: [{ path: "src/a.rs", search: "{ 2 }", replace: "{ 1 }" }],
    });
    expect(changes?.get("src/a.rs")).toBe("pub fn a() -> u32 { 2 }\n\n\n");
  });

  it("are no edits where a file is made or deleted", () => {
    expect(editsOf(new Map(), new Map([["new.rs", "x"]]))).toBeNull();
    expect(editsOf(new Map([["a.rs", "x"]]), new Map([["a.rs", null]]))).toBeNull();
  });
});
