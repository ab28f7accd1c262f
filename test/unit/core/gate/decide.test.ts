// Verdicts: what each criterion says by its bound, what they come to, and how often that is wrong.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import { criteriaAsked } from "../../../../src/core/gate/criteria/criteria.ts";
import { decideCandidates, type CandidateDecision, gateVerdictOf } from "../../../../src/core/gate/decide.ts";
import type { GateEvidence } from "../../../../src/core/gate/evidence.ts";
import { candidateFacts } from "../../../../src/core/gate/facts.ts";
import type { CriterionFinding } from "../../../../src/core/gate/finding.ts";
import { pairUp } from "../../../../src/core/gate/pairing.ts";
import { BY_FAMILY } from "../../../../src/core/gate/statistics/by-family.ts";
import { counted, drawn, evidenceOf, rightlyJudged, RULES, scripted, trialOf } from "./world.ts";

const TASKS = 120;
/** Everyone passes the same tasks each time; the compiler passes every seventh. */
const good = (name: string) => scripted(name, TASKS, 3, (task) => (task % 10 === 0 ? 0 : 3));
const compiler = scripted("rustc-suggestions", TASKS, 3, (task) => (task % 7 === 0 ? 3 : 0));
const sides = [good("new"), good("old"), good("cloud"), compiler];

const decideOn = (changes: Partial<GateEvidence> = {}, candidates = sides): CandidateDecision =>
  decideCandidates(evidenceOf(candidates, changes), ["new"], "old")[0] as CandidateDecision;
const outcomes = (decision: CandidateDecision) => Object.fromEntries(decision.findings.map(({ criterion, outcome }) => [criterion, outcome]));
const replaced = (facts: (typeof sides)[number]) => sides.map((side) => (side.name === facts.name ? facts : side));

describe("decide", () => {
  it("promotes where every bound meets its criterion", () => {
    const decision = decideOn();
    expect(decision.findings.filter(({ outcome }) => outcome !== "met")).toEqual([]);
    expect(decision).toMatchObject({ verdict: "promote", moreTasks: null, alpha: 0.05, mcnemar: 1 });
    expect(decision.findings).toHaveLength(criteriaAsked(BY_FAMILY, RULES).length);
  });

  it("holds a candidate that loses what the incumbent solves, and names the tasks with their events", () => {
    const decision = decideOn({}, replaced(scripted("new", TASKS, 3, (task) => (task % 2 === 0 ? 0 : 3))));
    expect(decision.verdict).toBe("hold");
    expect(outcomes(decision)).toMatchObject({
      "not-inferior": "violated",
      "no-regression": "violated",
      "success-parity": "violated",
      "beats-compiler": "met",
    });
    expect(decision.paired.incumbentBetter[0]).toMatchObject({
      task: "task-0002",
      candidate: { passes: 0, trials: 3, uri: expect.stringContaining("mv2://") },
    });
    expect(decision.mcnemar).toBeLessThan(1e-9);
  });

  it("leaves open what the data can't tell, and says how many more tasks would", () => {
    const few = (name: string, lost: number) => scripted(name, 57, 3, (task) => (task < lost ? 0 : 3));
    const decision = decideOn({}, [few("new", 3), few("old", 1), few("cloud", 1), scripted("rustc-suggestions", 57, 3, () => 0)]);
    expect(decision.verdict).toBe("inconclusive");
    const open = decision.findings.filter(({ outcome }) => outcome === "inconclusive");
    // A 95th percentile of 57 tasks has no upper bound as long as none is seen to vary.
    expect(open.map(({ criterion }) => criterion)).toEqual(["not-inferior", "no-regression", "attempt-p95", "model-p95", "ttft-p95"]);
    expect(decision.moreTasks).toBeGreaterThan(10);
  });

  it("gives no verdict on too few tasks, however bad they look", () => {
    const few = (name: string, passes: number) => scripted(name, 20, 3, () => passes);
    const decision = decideOn({}, [few("new", 0), few("old", 3), few("cloud", 3), few("rustc-suggestions", 0)]);
    expect(decision.verdict).toBe("inconclusive");
    expect(decision.findings.find(({ criterion }) => criterion === "enough-tasks")).toMatchObject({ outcome: "inconclusive", moreTasks: 30 });
    expect(decision.findings.find(({ criterion }) => criterion === "not-inferior")?.says).toContain("too few tasks to say so");
  });

  it("takes the candidate that is the baseline for no better than the baseline", () => {
    const decision = decideCandidates(evidenceOf(sides), ["rustc-suggestions"], "old")[0] as CandidateDecision;
    expect(outcomes(decision)["beats-compiler"]).toBe("violated");
  });

  it.each([
    ["a stand-in", { standIns: [{ role: "Judge", standIn: "test-verdict" }] }, "no-stand-in", "inconclusive"],
    ["an old run", { ageDays: 31 }, "fresh", "violated"],
    ["a run of tomorrow", { ageDays: -1 }, "fresh", "violated"],
    ["a suite that has changed", { suiteRootHere: "9".repeat(64) }, "same-ground", "violated"],
    ["no suite here", { suiteRootHere: null }, "same-ground", "met"],
    ["a registration for something else", { registration: { state: "invalid", path: "r.json", fault: "another" } }, "registered", "violated"],
    ["no registration where one is wanted", { rules: { ...RULES, require_registration: true } }, "registered", "violated"],
    ["a flaky harness", { harness: { trials: 2000, infrastructure: 0, repeatedTrees: 500, disagreeing: 60 } }, "flake-rate", "violated"],
    ["no tree twice", { harness: { trials: 2000, infrastructure: 0, repeatedTrees: 0, disagreeing: 0 } }, "flake-rate", "inconclusive"],
    [
      "a Judge that lets everything through",
      { planted: rightlyJudged(60, 120).map((one) => ({ ...one, judge: "unlock" as const })) },
      "false-unlock",
      "violated",
    ],
    ["a Judge that lets nothing through", { planted: rightlyJudged(60, 120).map((one) => ({ ...one, judge: "block" as const })) }, "false-block", "violated"],
    [
      "a critic that blocks what the Judge lets through",
      { planted: rightlyJudged(60, 120).map((one) => ({ ...one, judge: "unlock" as const, critic: one.right === "block" ? ("block" as const) : one.critic })) },
      "false-unlock",
      "met",
    ],
    ["a Judge that was hardly asked", { planted: rightlyJudged(3, 6) }, "false-unlock", "inconclusive"],
    ["nobody in the Implementer's place", { reference: null }, "success-parity", "inconclusive"],
  ] as const)("with $0 finds $2 $3", (_, changes, criterion, outcome) => {
    const decision = decideOn(changes as Partial<GateEvidence>);
    expect(outcomes(decision)[criterion]).toBe(outcome);
    expect(decision.verdict).toBe(outcome === "violated" ? "hold" : outcome === "met" ? "promote" : "inconclusive");
  });

  const slow = (attempt: Parameters<typeof trialOf>[2]) =>
    candidateFacts(
      "new",
      Array.from({ length: TASKS }, (_, task) => [1, 2, 3].map(() => trialOf(`task-${String(task).padStart(4, "0")}`, task % 10 !== 0, attempt))).flat(),
      counted,
    );
  it.each([
    ["attempt-p95", { attemptMs: 6000 }, "violated"],
    ["model-p95", { modelMs: 2501 }, "violated"],
    ["ttft-p95", { ttftMs: null }, "inconclusive"],
    ["tokens-per-second", { tokensPerSecond: 20 }, "violated"],
    ["tokens-per-second", { tokensPerSecond: null }, "inconclusive"],
    ["compile-pass", { compiled: false }, "violated"],
    ["json-compliance", { json: null }, "inconclusive"],
  ] as const)("finds %s with %o %s", (criterion, attempt, outcome) => {
    expect(outcomes(decideOn({}, replaced(slow(attempt))))[criterion]).toBe(outcome);
  });

  it("asks every answer to be in form where the policy says 100 %", () => {
    const once = candidateFacts(
      "new",
      Array.from({ length: TASKS }, (_, task) =>
        [1, 2, 3].map((epoch) => trialOf(`task-${String(task).padStart(4, "0")}`, task % 10 !== 0, { json: task > 0 || epoch > 1 })),
      ).flat(),
      counted,
    );
    const decision = decideOn({}, replaced(once));
    expect(outcomes(decision)["json-compliance"]).toBe("violated");
    expect(outcomes(decideOn({ rules: { ...RULES, json_compliance_percent: 97 } }, replaced(once)))["json-compliance"]).toBe("met");
  });

  it("shares the level among alternatives by Holm", () => {
    const evidence = evidenceOf([...sides, { ...good("b"), name: "b" }, scripted("bad", TASKS, 3, () => 0)]);
    const [a, b, bad] = decideCandidates(evidence, ["new", "b", "bad"], "old");
    expect([a?.verdict, b?.verdict, bad?.verdict]).toEqual(["promote", "promote", "hold"]);
    expect(a?.alpha).toBeCloseTo(0.05 / 3, 10);
    expect(bad?.alpha).toBeCloseTo(0.05, 10);
    expect(a?.inferiority.adjusted).toBeGreaterThanOrEqual(a?.inferiority.p ?? 1);
  });

  it("takes a task for solved by whom it passes for in most epochs", () => {
    const tell = (own: number, other: number) => decideOn({}, [scripted("new", 60, 3, () => own), scripted("old", 60, 3, () => other), ...sides.slice(2)]);
    expect([tell(3, 2), tell(1, 0), tell(2, 2)].map(({ mcnemar }) => mcnemar)).toEqual([1, 1, 1]);
    expect(tell(2, 1).mcnemar).toBeCloseTo(2 * 0.5 ** 60, 20);
    expect(tell(1, 2).mcnemar).toBeCloseTo(2 * 0.5 ** 60, 20);
  });

  it("is the same each time", () => {
    expect(JSON.stringify(decideOn())).toBe(JSON.stringify(decideOn()));
  });

  it("is no verdict without findings, and one by a single one", () => {
    const [found] = decideOn().findings as [CriterionFinding];
    expect(gateVerdictOf([])).toBe("inconclusive");
    expect(gateVerdictOf([found])).toBe("promote");
    expect(gateVerdictOf([{ ...found, outcome: "violated" }, found])).toBe("hold");
  });

  it("tells how sure it is that the candidate is not worse by more than the policy's margin", () => {
    const [own, old] = [scripted("new", TASKS, 3, (task) => (task % 9 === 0 ? 1 : 3)), good("old")];
    const { inferiority } = decideOn({ rules: { ...RULES, non_inferiority_margin_percent: 10 } }, replaced(own));
    expect(inferiority.p).toBe(BY_FAMILY.inferiority(pairUp(own, old), -0.1));
    expect(inferiority.adjusted).toBe(inferiority.p);
  });
});

describe("a gate on candidates that are no better than they must be", () => {
  // The whole simulation (2,000 gates a line) is `npm run bench power`; this one is small enough for every run.
  it("promotes one that only equals the compiler's suggestions in no more than α of the runs", () => {
    const random = createRandom("aa");
    const rules = { ...RULES, success_parity_percent: 0, non_inferiority_margin_percent: 50, json_compliance_percent: 0 };
    let promotedWrongly = 0;
    for (let gate = 0; gate < 60; gate += 1) {
      const rates = Array.from({ length: 60 }, () => random.next());
      const evidence = evidenceOf(
        [drawn("new", rates, 3, random), drawn("old", rates, 3, random), drawn("cloud", rates, 3, random), drawn("rustc-suggestions", rates, 3, random)],
        { rules },
      );
      if (decideCandidates(evidence, ["new"], "old")[0]?.verdict === "promote") promotedWrongly += 1;
    }
    // 0.05 plus three standard errors of 60 draws.
    expect(promotedWrongly / 60).toBeLessThanOrEqual(0.135);
  });
});
