// The second statistics where something is missing, and the bets that stand for them in the middle of a run.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import { decideCandidates } from "../../../../src/core/gate/decide.ts";
import { candidateFacts, type GateTrial } from "../../../../src/core/gate/facts.ts";
import { filledIn, pairUp } from "../../../../src/core/gate/pairing.ts";
import { ANYTIME } from "../../../../src/core/gate/statistics/anytime.ts";
import { BY_FAMILY, BY_FAMILY_EVENLY } from "../../../../src/core/gate/statistics/by-family.ts";
import { BY_TASK } from "../../../../src/core/gate/statistics/by-task.ts";
import { statisticsOf } from "../../../../src/core/gate/statistics/versions.ts";
import { counted, drawn, evidenceOf, RULES, scripted, trialOf } from "./world.ts";

const TASKS = 120;
const good = (name: string) => scripted(name, TASKS, 3, (task) => (task % 10 === 0 ? 0 : 3));
const compiler = scripted("rustc-suggestions", TASKS, 3, (task) => (task % 7 === 0 ? 3 : 0));
/** As `good`, every trial of the first tasks lost. */
const missing = (name: string, lost: number, standing: GateTrial["standing"] = "infrastructure") =>
  candidateFacts(
    name,
    Array.from({ length: TASKS }, (_, task) =>
      Array.from({ length: 3 }, () => {
        const trial = trialOf(`task-${String(task).padStart(4, "0")}`, task % 10 !== 0);
        return task < lost ? { ...trial, standing, attempts: [] } : trial;
      }),
    ).flat(),
    counted,
  );

describe("a task that one side lost wholly", () => {
  it("is no pair, and not absent: it is unknown, on the side that lost it", () => {
    const { pairs, unknown } = pairUp(missing("new", 4), good("old"));
    expect([pairs.length, unknown.length]).toEqual([TASKS - 4, 4]);
    expect(unknown[1]).toMatchObject({ task: "task-0001", candidate: null, reference: { passes: 3, trials: 3 } });
    expect(filledIn({ pairs, unknown }, "worst").filter(({ candidate, reference }) => candidate.passes < reference.passes)).toHaveLength(3);
  });

  it("widens the difference to the worst and to the best that it could have been", () => {
    const pairing = pairUp(missing("new", 4), good("old"));
    const [known, widened] = [BY_FAMILY.difference({ ...pairing, unknown: [] }, 0.9), BY_FAMILY.difference(pairing, 0.9)];
    expect(widened.value).toBe(known.value);
    expect(widened.low as number).toBeLessThan((known.low as number) - 0.02);
    expect(widened.high as number).toBeGreaterThanOrEqual(known.high as number);
    expect(BY_TASK.difference(pairing, 0.9).low).toBe(BY_TASK.difference({ ...pairing, unknown: [] }, 0.9).low);
  });

  it("keeps a candidate from being promoted that would be, were such tasks left out", () => {
    const decideOn = (statistics: typeof BY_FAMILY) => {
      const evidence = evidenceOf([missing("new", 5), good("old"), good("cloud"), compiler], {
        statistics,
        rules: { ...RULES, max_infrastructure_percent: 49 },
      });
      return decideCandidates(evidence, ["new"], "old")[0];
    };
    expect(decideOn(BY_TASK)?.verdict).toBe("promote");
    expect(decideOn(BY_FAMILY)?.verdict).toBe("inconclusive");
  });

  it("is told of the candidate alone where it is its own: the machine's rate over all hides it", () => {
    const evidence = evidenceOf([missing("new", 8), good("old"), good("cloud"), compiler]);
    const found = decideCandidates(evidence, ["new"], "old")[0]?.findings.find(({ criterion }) => criterion === "infrastructure-rate");
    expect(found).toMatchObject({ outcome: "violated", estimate: { n: 360 } });
  });

  it("leaves the gate open where the candidate was never asked beyond the policy's bound, and is in no rate", () => {
    const evidence = evidenceOf([missing("new", 8, "unasked"), good("old"), good("cloud"), compiler]);
    const decision = decideCandidates(evidence, ["new"], "old")[0];
    expect(decision?.findings.find(({ criterion }) => criterion === "unasked-trials")).toMatchObject({ outcome: "inconclusive" });
    expect(decision?.findings.find(({ criterion }) => criterion === "infrastructure-rate")).toMatchObject({ outcome: "met" });
  });
});

describe("a trial whose every call failed at the server", () => {
  it("counts, as lost, unless the policy says that it does not", () => {
    const trial = { standing: "counted", serverFailed: true } as const;
    expect([BY_FAMILY.counts(trial, true), BY_FAMILY.counts(trial, false), BY_TASK.counts(trial, false)]).toEqual([true, false, true]);
  });
});

describe("bets in the middle of a run", () => {
  it("are what a look is decided by that says so, and nothing else", () => {
    for (const version of [2, 3] as const) expect(statisticsOf(version, { by: "bets" })).toEqual({ ...ANYTIME, version });
    expect(statisticsOf(3, { by: "bounds" })).toBe(BY_FAMILY);
    expect([statisticsOf(2, null), statisticsOf(3, null)]).toEqual([BY_FAMILY_EVENLY, BY_FAMILY]);
    expect(statisticsOf(1, {})).toBe(BY_TASK);
  });

  it("give every criterion's figure the same value, and never a narrower bound than is safe at one look", () => {
    const random = createRandom("bets");
    const rates = Array.from({ length: 100 }, () => 0.3 + 0.6 * random.next());
    const sides = ["new", "old", "cloud", "rustc-suggestions"].map((name) =>
      drawn(name, name === "rustc-suggestions" ? rates.map((rate) => rate / 4) : rates, 3, random),
    );
    const decideBy = (statistics: typeof BY_FAMILY) => decideCandidates(evidenceOf(sides, { statistics }), ["new"], "old")[0]?.findings ?? [];
    const bets = new Map(decideBy(ANYTIME).map((finding) => [finding.criterion, finding]));
    for (const { criterion, estimate } of decideBy(BY_FAMILY)) {
      const bet = bets.get(criterion)?.estimate;
      if (estimate === null || estimate.value === null || bet === undefined || bet === null) continue;
      expect(bet.value, criterion).toBeCloseTo(estimate.value, 9);
      expect((bet.high ?? Infinity) - (bet.low ?? -Infinity), criterion).toBeGreaterThanOrEqual(0);
      expect(bet.low ?? -Infinity, criterion).toBeLessThanOrEqual(estimate.value + 1e-9);
    }
    expect(bets.get("not-inferior")?.estimate?.method).toBe("betting");
  });

  it("promote a candidate that is clearly better before all families are run", () => {
    const better = scripted("new", TASKS, 3, () => 3);
    const worse = scripted("old", TASKS, 3, (task) => (task % 4 === 0 ? 0 : 3));
    const pairing = pairUp(better, worse);
    expect(ANYTIME.inferiority(pairing, -0.05)).toBeLessThan(0.01);
    expect(ANYTIME.difference(pairing, 0.98).low as number).toBeGreaterThan(-0.05);
  });
});
