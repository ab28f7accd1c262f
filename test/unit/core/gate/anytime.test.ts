// Bets in the middle of a run: each bound is where no bet refutes a value, held against the bets themselves.
import { describe, expect, it } from "vitest";
import { candidateFacts, type CandidateFacts } from "../../../../src/core/gate/facts.ts";
import { filledIn, pairUp } from "../../../../src/core/gate/pairing.ts";
import { ANYTIME } from "../../../../src/core/gate/statistics/anytime.ts";
import { BY_FAMILY, overUnknown } from "../../../../src/core/gate/statistics/by-family.ts";
import { bettingMean, bettingWealth } from "../../../../src/core/metrics/statistics/betting.ts";
import { counted, evidenceOf, scripted, trialOf } from "./world.ts";

const CONFIDENCE = 0.9;
const ENOUGH = 20;
const pairing = pairUp(
  scripted("new", 60, 3, (task) => task % 4),
  scripted("old", 60, 3, (task) => (task % 5 === 0 ? 1 : 3)),
);
const withLost = pairUp(
  candidateFacts("new", [trialOf("a", true), trialOf("b", false), { ...trialOf("c", false), standing: "infrastructure" }], counted),
  candidateFacts(
    "old",
    ["a", "b", "c"].map((task) => trialOf(task, true)),
    counted,
  ),
);
const share = ({ passes, trials }: { readonly passes: number; readonly trials: number }) => passes / trials;

describe("a rate by bets", () => {
  it("is the mean over tasks, whose repeats are one draw, in families that are one draw", () => {
    const items = [
      { task: "a", family: "f", holds: true },
      { task: "a", family: "f", holds: false },
      { task: "b", family: "f", holds: true },
      { task: "c", family: "g", holds: false },
    ];
    const values = [
      { cluster: "f", value: 0.5 },
      { cluster: "f", value: 1 },
      { cluster: "g", value: 0 },
    ];
    expect(ANYTIME.rate(items, CONFIDENCE)).toEqual(bettingMean({ values, least: 0, most: 1 }, CONFIDENCE));
    expect(ANYTIME.rate([], CONFIDENCE)).toMatchObject({ value: null, n: 0 });
  });

  it("of units is one of so many", () => {
    const values = Array.from({ length: 30 }, (_, index) => ({ cluster: `u${index}`, value: index < 3 ? 1 : 0 }));
    expect(ANYTIME.units(3, 30, CONFIDENCE)).toEqual(bettingMean({ values, least: 0, most: 1 }, CONFIDENCE));
  });

  it("of losses is that of the worse side, of what was planned", () => {
    const side = (name: string, infrastructure: number, unfinished: number): CandidateFacts => ({
      ...candidateFacts(name, [], counted),
      trials: { planned: 100, infrastructure, unfinished, unasked: 7 },
    });
    const { harness } = evidenceOf([]);
    const losses = (candidate: CandidateFacts, incumbent: CandidateFacts) => ANYTIME.losses({ harness, candidate, incumbent }, CONFIDENCE);
    expect(losses(side("a", 1, 2), side("b", 0, 0))).toEqual(ANYTIME.units(3, 100, CONFIDENCE));
    expect(losses(side("a", 1, 2), side("b", 4, 1))).toEqual(ANYTIME.units(5, 100, CONFIDENCE));
    expect(BY_FAMILY.losses({ harness, candidate: side("a", 1, 2), incumbent: side("b", 4, 1) }, CONFIDENCE)).toEqual(BY_FAMILY.units(5, 100, CONFIDENCE));
  });
});

describe("a quantile by bets", () => {
  const samples = Array.from({ length: 150 }, (_, index) => ({ task: `t${index % 75}`, value: (index * 37) % 150 }));
  const wealth = (holds: (value: number) => boolean, mean: number) =>
    bettingWealth({ values: samples.map(({ task, value }) => ({ cluster: task, value: holds(value) ? 1 : 0 })), least: 0 }, mean);
  const values = samples.map(({ value }) => value).toSorted((a, b) => a - b);

  it.each([0.5, 0.3, 0.8])("of %d has the values between which no bet refutes it", (q) => {
    const found = ANYTIME.quantile(samples, q, CONFIDENCE);
    const high = values.find((limit) => wealth((value) => value <= limit, q) >= ENOUGH);
    const low = values.findLast((limit) => wealth((value) => value >= limit, 1 - q) >= ENOUGH);
    expect(found).toMatchObject({ low, high, n: 150, method: "betting" });
    expect(found.value).toBeGreaterThanOrEqual(found.low as number);
    expect(found.value).toBeLessThanOrEqual(found.high as number);
  });

  it("has no bound on a side where too little was seen, and none at all of nothing", () => {
    expect(ANYTIME.quantile(samples.slice(0, 20), 0.95, CONFIDENCE)).toMatchObject({ high: null, low: expect.any(Number) });
    expect(ANYTIME.quantile(samples.slice(0, 20), 0.05, CONFIDENCE)).toMatchObject({ low: null, high: expect.any(Number) });
    expect(ANYTIME.quantile([], 0.5, CONFIDENCE)).toEqual({ value: null, low: null, high: null, n: 0, method: "betting" });
  });
});

describe("a comparison by bets", () => {
  it("is of the leads, task by task", () => {
    const values = pairing.pairs.map(({ family, candidate, reference }) => ({ cluster: family, value: share(candidate) - share(reference) }));
    expect(ANYTIME.difference(pairing, CONFIDENCE)).toEqual(bettingMean({ values, least: -1, most: 1 }, CONFIDENCE));
    expect(ANYTIME.inferiority(pairing, -0.5)).toBe(Math.min(1, 1 / bettingWealth({ values, least: -1 }, -0.5)));
    expect(ANYTIME.inferiority(pairing, 0.5)).toBe(1);
  });

  it("counts what the reference always solves and the candidate never", () => {
    const values = pairing.pairs.map(({ family, candidate, reference }) => ({
      cluster: family,
      value: candidate.passes === 0 && reference.passes === 3 ? 1 : 0,
    }));
    expect(ANYTIME.regressions(pairing, CONFIDENCE)).toEqual(bettingMean({ values, least: 0, most: 1 }, CONFIDENCE));
  });

  it("takes what is unknown as worst and as best for the candidate", () => {
    const ends = (["worst", "best"] as const).map((as) => ANYTIME.difference({ pairs: filledIn(withLost, as), unknown: [] }, CONFIDENCE));
    const found = ANYTIME.difference(withLost, CONFIDENCE);
    expect(found).toMatchObject({ value: -0.5, n: 2, low: ends[0]?.low, high: ends[1]?.high, method: "betting, 1 unknown" });
    expect(ANYTIME.inferiority(withLost, -0.5)).toBe(ANYTIME.inferiority({ pairs: filledIn(withLost, "worst"), unknown: [] }, -0.5));
    const none = { value: null, low: null, high: null, n: 0, method: "m" };
    const onlyUnknown = { pairs: [], unknown: withLost.unknown };
    expect(overUnknown(onlyUnknown, (pairs) => (pairs.length === 0 ? none : { value: 0.5, low: 0.1, high: 0.9, n: 1, method: "m" }))).toEqual({
      value: 0.5,
      low: 0.1,
      high: 0.9,
      n: 0,
      method: "m, 1 unknown",
    });
  });

  it("by families, too, takes what is unknown against the candidate where it must not be worse", () => {
    const inferior = (statistics: typeof BY_FAMILY, of: typeof withLost) => statistics.inferiority(of, -0.9);
    expect(inferior(BY_FAMILY, withLost)).toBe(inferior(BY_FAMILY, { pairs: filledIn(withLost, "worst"), unknown: [] }));
    expect(inferior(BY_FAMILY, withLost)).not.toBe(inferior(BY_FAMILY, { pairs: filledIn(withLost, "best"), unknown: [] }));
    const parity = (of: typeof withLost) => BY_FAMILY.parity(of, 1).at(CONFIDENCE);
    expect(parity(withLost)).toMatchObject({
      low: parity({ pairs: filledIn(withLost, "worst"), unknown: [] }).low,
      high: parity({ pairs: filledIn(withLost, "best"), unknown: [] }).high,
    });
  });

  it("as a ratio ends where bets against it begin to win", () => {
    const { value, n, at } = ANYTIME.parity(pairing, 1);
    const total = (of: "candidate" | "reference") => pairing.pairs.reduce((sum, pair) => sum + share(pair[of]), 0);
    expect([value, n]).toEqual([total("candidate") / total("reference"), 60]);
    const found = at(CONFIDENCE);
    const [low, high] = [found.low as number, found.high as number];
    const leads = (ratio: number, sign: 1 | -1) =>
      pairing.pairs.map(({ family, candidate, reference }) => ({ cluster: family, value: sign * (share(candidate) - ratio * share(reference)) }));
    const above = (ratio: number) => bettingWealth({ values: leads(ratio, 1), least: -ratio }, 0);
    const below = (ratio: number) => bettingWealth({ values: leads(ratio, -1), least: -1 }, 0);
    expect(above(low - 1e-6)).toBeGreaterThanOrEqual(ENOUGH);
    expect(above(low + 1e-6)).toBeLessThan(ENOUGH);
    expect(below(high - 1e-6)).toBeLessThan(ENOUGH);
    expect(below(high + 1e-6)).toBeGreaterThanOrEqual(ENOUGH);
    expect(found).toMatchObject({ value, n: 60, method: "betting" });
    expect((at(0.99).low as number) < low && (at(0.99).high as number) > high).toBe(true);
  });

  it("is no ratio where the reference solves nothing, and takes what is unknown as worst and as best", () => {
    const nothing = pairUp(
      scripted("new", 5, 3, () => 3),
      scripted("old", 5, 3, () => 0),
    );
    expect(ANYTIME.parity(nothing, 1).value).toBeNull();
    expect(ANYTIME.parity(nothing, 1).at(CONFIDENCE)).toEqual({ value: null, low: null, high: null, n: 5, method: "betting" });
    const many = (lost: number) =>
      pairUp(
        candidateFacts(
          "new",
          Array.from({ length: 60 }, (_, task) => ({
            ...trialOf(`t${task}`, true),
            standing: task < lost ? ("infrastructure" as const) : ("counted" as const),
          })),
          counted,
        ),
        candidateFacts(
          "old",
          Array.from({ length: 60 }, (_, task) => trialOf(`t${task}`, true)),
          counted,
        ),
      );
    const [known, open] = [many(0), many(10)].map((one) => ANYTIME.parity(one, 1).at(CONFIDENCE));
    expect(open).toMatchObject({ value: 1, n: 50 });
    expect(open?.low as number).toBeLessThan((known?.low as number) - 0.1);
    const reference = (lost: number) =>
      pairUp(
        candidateFacts(
          "new",
          Array.from({ length: 60 }, (_, task) => trialOf(`t${task}`, true)),
          counted,
        ),
        candidateFacts(
          "old",
          Array.from({ length: 60 }, (_, task) => ({
            ...trialOf(`t${task}`, true),
            standing: task < lost ? ("infrastructure" as const) : ("counted" as const),
          })),
          counted,
        ),
      );
    const [sure, unsure] = [0, 10].map((lost) => ANYTIME.parity(reference(lost), 1).at(CONFIDENCE));
    expect(unsure?.high as number).toBeGreaterThan(sure?.high as number);
  });

  it("of plants is a rate by the families of their tasks", () => {
    const { planted } = evidenceOf([]);
    const apart = ANYTIME.calibration(planted, (task) => task, CONFIDENCE).falseBlock;
    const together = ANYTIME.calibration(planted, () => "one", CONFIDENCE).falseBlock;
    expect(apart).toMatchObject({ value: 0, n: 60 });
    expect(together.high as number).toBeGreaterThan(apart.high as number);
  });
});
