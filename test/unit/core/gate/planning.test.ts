// Plans of a gate: what a design is made of, the worlds that it is tried in, and the evidence that these yield.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import { type GateDesign, designOf, plantsIn, sizeOf, withFamilies, withTasks } from "../../../../src/core/gate/planning/design.ts";
import { equalChance, gateChances, simulatedVerdicts } from "../../../../src/core/gate/planning/gate-chances.ts";
import { guessed, type Observed, observedIn, worldsLike } from "../../../../src/core/gate/planning/observed-world.ts";
import { type GateWorld, simulatedEvidence } from "../../../../src/core/gate/planning/simulated-evidence.ts";
import { candidateFacts, type GateAttempt } from "../../../../src/core/gate/facts.ts";
import { BY_FAMILY_ROUGHLY } from "../../../../src/core/gate/statistics/by-family.ts";
import { policyWith } from "../../run/fakes.ts";
import { headerOf } from "../metrics/summary-fixture.ts";
import { counted, evidenceOf, RULES, scripted, trialOf } from "./world.ts";

const tasksOf = (families: number, each: number) =>
  Array.from({ length: families * each }, (_, index) => ({ id: `t${index}`, family: `f${Math.floor(index / each)}` }));
const design: GateDesign = { tasks: tasksOf(3, 2), epochs: 2, alternatives: 1, plants: 20, impossible: 5, rules: RULES, alpha: 0.05 };

describe("a design", () => {
  it("is of the low-risk tasks that can be solved, by the policy's rules", () => {
    const { policy } = policyWith();
    const { tasks } = headerOf({
      candidates: ["x"],
      tasks: [
        { id: "a", family: "f" },
        { id: "b", risk: "high" },
        { id: "c", impossible: true },
        { id: "d", risk: "high", impossible: true },
      ],
    });
    expect(designOf({ tasks, epochs: 3 }, policy)).toEqual({
      tasks: [{ id: "a", family: "f" }],
      epochs: 3,
      alternatives: 1,
      plants: policy.gates.calibration_plants,
      impossible: 600,
      rules: policy.gates.reflex_promotion,
      alpha: policy.gates.reflex_promotion.alpha,
    });
  });

  it("is told by its figures", () => expect(sizeOf(design)).toEqual({ families: 3, tasks: 6, epochs: 2, plants: 20, impossible: 5 }));

  it("of more families has those that are there again, under other names", () => {
    const { tasks } = withFamilies(design, 7);
    expect(tasks).toHaveLength(14);
    expect(tasks.slice(0, 6)).toEqual(design.tasks);
    expect(tasks.slice(6, 8)).toEqual([
      { id: "t0 (2)", family: "f0 (2)" },
      { id: "t1 (2)", family: "f0 (2)" },
    ]);
    expect(tasks.at(-1)).toEqual({ id: "t1 (3)", family: "f0 (3)" });
    expect(withFamilies(design, 2).tasks).toEqual(design.tasks.slice(0, 4));
  });

  it("of more tasks has them in the families that are there", () => {
    const { tasks } = withTasks(design, 13);
    expect(tasks.slice(0, 6)).toEqual(design.tasks);
    expect(tasks[6]).toEqual({ id: "t0 (2)", family: "f0" });
    expect(tasks[12]).toEqual({ id: "t0 (3)", family: "f0" });
    expect(withTasks(design, 1).tasks).toEqual(design.tasks.slice(0, 1));
  });

  it("plants what its rules ask for, the same by one seed", () => {
    expect(plantsIn(design, 1)).toEqual(plantsIn(design, 1));
    expect(plantsIn({ ...design, plants: 0 }, 1)).toHaveLength(0);
    expect(plantsIn({ ...design, epochs: 3 }, 1)).toHaveLength(20);
  });
});

const attempt = { ...trialOf("a", true).attempts[0], modelMs: 7 } as GateAttempt;
const WELL: GateWorld = { passes: (role) => (role === "compiler" ? 0 : 1), infrastructure: 0, falseUnlock: 0, falseBlock: 0, flake: 0, attempt: () => attempt };
const yields = (world: Partial<GateWorld> = {}, of: Partial<GateDesign> = {}) =>
  simulatedEvidence({ design: { ...design, ...of }, world: { ...WELL, ...world }, statistics: BY_FAMILY_ROUGHLY }, createRandom("yields"));

describe("simulated evidence", () => {
  it("has four players, each of all tasks and epochs, and measures the candidate alone", () => {
    const { candidates, reference } = yields();
    expect([...candidates.keys()]).toEqual(["candidate", "incumbent", "implementer", "rustc-suggestions"]);
    expect(reference).toBe("implementer");
    for (const { tasks, trials } of candidates.values()) expect([tasks.size, trials.planned]).toEqual([6, 12]);
    expect(candidates.get("candidate")?.tasks.get("t3")).toMatchObject({ passes: 2, trials: 2, family: "f1" });
    expect(candidates.get("rustc-suggestions")?.tasks.get("t3")).toMatchObject({ passes: 0, trials: 2 });
    expect([...candidates.values()].map(({ attempts }) => attempts.length)).toEqual([12, 0, 0, 0]);
  });

  it("loses, cheats, errs and flakes as its world does", () => {
    const lost = yields({ infrastructure: 1 });
    expect(lost.candidates.get("candidate")).toMatchObject({ trials: { planned: 12, infrastructure: 12 }, attempts: [] });
    const wrong = yields({ falseUnlock: 1, falseBlock: 1 });
    expect(wrong.planted.every(({ right, judge }) => right !== judge)).toBe(true);
    expect(yields().planted.every(({ right, judge }) => right === judge)).toBe(true);
    expect(yields({ falseUnlock: 1 }).planted.every(({ right, judge }) => judge === "unlock" || right !== "block")).toBe(true);
    expect(yields().planted).toHaveLength(plantsIn(design, 1).length);
    expect(yields({ flake: 1 }).harness).toEqual({ trials: 0, infrastructure: 0, repeatedTrees: 6, disagreeing: 6 });
    expect(yields().harness).toMatchObject({ repeatedTrees: 6, disagreeing: 0 });
    expect(yields({ flake: 1 }, { epochs: 1 }).harness).toMatchObject({ repeatedTrees: 0, disagreeing: 0 });
  });

  it("is of impossible tasks where the rules ask how often it cheats, and there it never does", () => {
    expect(yields().cheating).toBeNull();
    const rules = { ...RULES, max_cheating_percent: 5 };
    expect(yields({}, { rules, impossible: 0 }).cheating).toBeNull();
    const trials = yields({}, { rules }).cheating?.trials.get("candidate") ?? [];
    expect(trials.map(({ task, family, passed, standing }) => `${task} ${family} ${passed} ${standing}`)).toEqual(
      Array.from({ length: 5 }, (_, index) => `impossible-${index} impossible-${index} false counted`),
    );
  });

  it("wants nothing of what only a real run has", () => {
    const evidence = yields();
    expect(evidence).toMatchObject({ standIns: [], ageDays: 0, suiteRootHere: null, registration: { state: "valid" }, gatesBefore: null });
    expect(evidence.familyOf("t3")).toBe("f1");
    expect(evidence.familyOf("elsewhere")).toBe("elsewhere");
  });
});

describe("the chances of a plan", () => {
  const large: GateDesign = { ...design, tasks: tasksOf(60, 1), epochs: 3, plants: 180, rules: { ...RULES, p95_attempt_ms: 1e6, success_parity_percent: 0 } };
  const worlds = (world: Partial<GateWorld>) => () => ({ ...WELL, ...world });
  it("are shares of simulated gates, the same by one seed", () => {
    const simulated = { difference: 0, gates: 4, seed: 1 };
    const bad = worlds({ passes: (role) => (role === "candidate" ? 0 : 1) });
    expect(gateChances(large, bad, simulated)).toEqual({ promote: 0, hold: 1, inconclusive: 0 });
    expect([...simulatedVerdicts(large, bad, simulated)]).toEqual(["hold", "hold", "hold", "hold"]);
    const drawn = worlds({ passes: (role) => (role === "compiler" ? 0.1 : 0.8) });
    expect(gateChances(large, drawn, simulated)).toEqual(gateChances(large, drawn, simulated));
  });

  it("of an equal candidate are drawn until it is clear on which side they lie", () => {
    const seen: number[] = [];
    const counting = (_: GateDesign, difference: number): GateWorld => {
      seen.push(difference);
      return { ...WELL, passes: (role) => (role === "candidate" ? 0 : 1) };
    };
    expect(equalChance(large, counting, { gates: 100, seed: 1 }, 0.8)).toBe(0);
    expect(seen).toEqual(Array.from({ length: 10 }, () => 0));
    // 99 % sure that a chance of which no gate was promoted lies below a tenth: 2.576² / (n + 2.576²) < 0.1 from 60 on.
    seen.length = 0;
    expect(equalChance(large, counting, { gates: 100, seed: 1 }, 0.1)).toBe(0);
    expect(seen).toHaveLength(60);
    seen.length = 0;
    equalChance(large, counting, { gates: 25, seed: 1 }, 0.01);
    expect(seen).toHaveLength(25);
  });
});

describe("a plan that a perfect candidate is promoted by", () => {
  const perfect: GateDesign = { ...design, tasks: tasksOf(80, 3), epochs: 6, plants: 300, rules: { ...RULES, min_epochs: 6, json_compliance_percent: 98 } };
  it("promotes it each time, and that is clear after thirty gates", () => {
    expect(gateChances(perfect, () => WELL, { difference: 0, gates: 2, seed: 1 })).toEqual({ promote: 1, hold: 0, inconclusive: 0 });
    let drawn = 0;
    const counting = (): GateWorld => {
      drawn += 1;
      return WELL;
    };
    // 99 % sure that a chance lies above 0.8 where all were promoted: n / (n + 2.576²) > 0.8 from 30 on.
    expect(equalChance(perfect, counting, { gates: 50, seed: 1 }, 0.8)).toBe(1);
    expect(drawn).toBe(30);
  });
});

describe("what runs yielded", () => {
  const own = candidateFacts(
    "new",
    [true, false, true].map((passed) => trialOf("task-0000", passed)),
    counted,
  );
  const other = scripted("old", 2, 3, (task) => (task === 0 ? 3 : 0));
  const compiler = scripted("rustc-suggestions", 1, 3, () => 1);

  it("is each task's rate, drawn towards even, and how far the candidate lies from it", () => {
    const observed = observedIn(
      evidenceOf([own, other, compiler], { harness: { trials: 9, infrastructure: 0, repeatedTrees: 8, disagreeing: 2 } }),
      "new",
      "old",
    );
    expect(observed.families).toEqual([
      [{ rate: 3.5 / 4, lead: 2.5 / 4 - 3.5 / 4, compiler: 1.5 / 4 }],
      [{ rate: 0.5 / 4, lead: null, compiler: (0.2 * 0.5) / 4 }],
    ]);
    expect(observed).toMatchObject({ flake: 0.25, from: "run", falseUnlock: 0.5 / 121, falseBlock: 0.5 / 61 });
    expect(observed.attempts).toEqual(own.attempts);
    // 12 trials were planned of all three, and none was lost.
    expect(observed.infrastructure).toBeCloseTo(0.5 / 13, 12);
  });

  it("counts what was lost or not even begun, and knows little where nothing was planted or tried", () => {
    const lost = candidateFacts(
      "old",
      ["infrastructure", "unfinished", "counted"].map((standing) => ({ ...trialOf("a", true), standing: standing as "counted" })),
      counted,
    );
    const none = { harness: { trials: 0, infrastructure: 0, repeatedTrees: 0, disagreeing: 0 }, planted: [], capsules: [] };
    const observed = observedIn(evidenceOf([lost], none), "new", "old");
    expect(observed).toMatchObject({ flake: 0, falseUnlock: 0.02, falseBlock: 0.02, attempts: [], from: "" });
    expect(observed.infrastructure).toBeCloseTo(2.5 / 4, 12);
    expect(observedIn(evidenceOf([]), "new", "old").families).toEqual([]);
  });

  it("gathers tasks of one family", () => {
    const two = candidateFacts(
      "old",
      ["a", "b"].map((task) => ({ ...trialOf(task, true), family: "f" })),
      counted,
    );
    expect(observedIn(evidenceOf([two]), "new", "old").families.map((family) => family.length)).toEqual([2]);
  });
});

describe("worlds like what was observed", () => {
  const rates = [0.2, 0.5, 0.9];
  const observed: Observed = {
    families: [rates.map((rate) => ({ rate, lead: 0, compiler: 0.1 }))],
    infrastructure: 0.01,
    falseUnlock: 0.02,
    falseBlock: 0.03,
    flake: 0.04,
    attempts: [],
    from: "run",
  };
  const wide: GateDesign = { ...design, tasks: tasksOf(40, 5) };
  const mean = (world: GateWorld, role: "candidate" | "incumbent" | "implementer" | "compiler") =>
    wide.tasks.reduce((sum, { id }) => sum + world.passes(role, id), 0) / wide.tasks.length;

  it.each([0, 0.05, -0.2])("have the candidate lie %d above the incumbent on the mean, and err as was observed", (difference) => {
    const world = worldsLike(observed)(wide, difference, createRandom("like"));
    expect(mean(world, "candidate") - mean(world, "incumbent")).toBeCloseTo(difference, 6);
    expect(world).toMatchObject({ infrastructure: 0.01, falseUnlock: 0.02, falseBlock: 0.03, flake: 0.04 });
    expect(
      wide.tasks.every(({ id }) => rates.includes(world.passes("incumbent", id)) && world.passes("implementer", id) === world.passes("incumbent", id)),
    ).toBe(true);
    expect(mean(world, "compiler")).toBeCloseTo(0.1, 12);
    expect(wide.tasks.every(({ id }) => world.passes("candidate", id) >= 0 && world.passes("candidate", id) <= 1)).toBe(true);
    expect(world.passes("candidate", "elsewhere")).toBe(0);
  });

  it("have the candidate lie there wherever it was seen to lie", () => {
    const ahead = { ...observed, families: [[0.1, 0.3].map((lead) => ({ rate: 0.4, lead, compiler: 0.1 }))] };
    for (const difference of [0, 0.05, -0.1]) {
      const world = worldsLike(ahead)(wide, difference, createRandom("ahead"));
      expect(mean(world, "candidate") - mean(world, "incumbent")).toBeCloseTo(difference, 6);
    }
  });

  it("keep how far the two lay apart on a task, or draw it alike for a family", () => {
    const apart = { ...observed, families: [[0.3, -0.3].map((lead) => ({ rate: 0.5, lead, compiler: 0.1 }))] };
    const world = worldsLike(apart)(wide, 0, createRandom("apart"));
    const leads = new Set(wide.tasks.map(({ id }) => (world.passes("candidate", id) - 0.5).toFixed(2)));
    expect(leads.size).toBe(2);
    const unknown = { ...observed, families: [[{ rate: 0.5, lead: null, compiler: 0.1 }]] };
    const drawn = worldsLike(unknown)(wide, 0, createRandom("drawn"));
    const ratesOf = (own: string) => wide.tasks.filter(({ family }) => family === own).map(({ id }) => drawn.passes("candidate", id).toFixed(9));
    for (const { family } of wide.tasks) expect(new Set(ratesOf(family)).size).toBe(1);
    const spread = wide.tasks.map(({ id }) => drawn.passes("candidate", id) - 0.5);
    const deviation = Math.sqrt(spread.reduce((sum, one) => sum + one ** 2, 0) / spread.length);
    expect(deviation).toBeGreaterThan(0.03);
    expect(deviation).toBeLessThan(0.08);
  });

  it("are even and quick where nothing was observed", () => {
    const nothing = { ...observed, families: [] };
    const world = worldsLike(nothing)(wide, 0, createRandom("nothing"));
    expect(mean(world, "incumbent")).toBe(0.5);
    expect(mean(world, "compiler")).toBeCloseTo(0.1, 12);
    const { modelMs, attemptMs, ttftMs, tokensPerSecond, json, compiled } = world.attempt("t0", createRandom(1));
    expect({ modelMs, attemptMs, ttftMs, tokensPerSecond, json, compiled }).toEqual({
      modelMs: 400,
      attemptMs: 900,
      ttftMs: 60,
      tokensPerSecond: 180,
      json: true,
      compiled: true,
    });
  });

  it("draw attempts from those that were made", () => {
    const slow = { ...attempt, modelMs: 9 };
    const world = worldsLike({ ...observed, attempts: [attempt, slow] })(wide, 0, createRandom(2));
    const random = createRandom(3);
    expect(new Set(Array.from({ length: 20 }, () => world.attempt("t0", random)))).toEqual(new Set([attempt, slow]));
  });
});

describe("a guess without any run", () => {
  it("is of tasks mostly far from even, alike in families, and of few errors", () => {
    const { families, infrastructure, falseUnlock, falseBlock, flake, attempts } = guessed(createRandom("guess"));
    expect({ infrastructure, falseUnlock, falseBlock, flake, attempts }).toEqual({
      infrastructure: 0.002,
      falseUnlock: 0.01,
      falseBlock: 0.02,
      flake: 0,
      attempts: [],
    });
    expect([families.length, new Set(families.map((family) => family.length))]).toEqual([200, new Set([5])]);
    const tasks = families.flat();
    expect(tasks.every(({ rate, lead, compiler }) => rate >= 0.15 && rate <= 0.85 && lead === null && compiler === 0.2 * rate)).toBe(true);
    const ends = tasks.filter(({ rate }) => Math.abs(rate - 0.185) < 1e-9 || Math.abs(rate - 0.815) < 1e-9).length;
    expect(ends / tasks.length).toBeGreaterThan(0.7);
    expect(ends / tasks.length).toBeLessThan(0.8);
    // Tasks of one family may be as hard as one another to the last digit; drawn each by itself, none would.
    const between = families.map((family) => family.map(({ rate }) => rate).filter((rate) => rate > 0.186 && rate < 0.814));
    const alike = between.filter((rates) => new Set(rates).size < rates.length).length;
    expect(alike).toBeGreaterThan(2);
    expect(alike).toBeLessThan(40);
    const [low, high] = [0.185, 0.815].map((end) => tasks.filter(({ rate }) => Math.abs(rate - end) < 1e-9).length);
    expect(Math.min(low ?? 0, high ?? 0) / tasks.length).toBeGreaterThan(0.3);
  });
});
