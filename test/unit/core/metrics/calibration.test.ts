// Planted patches and what was said of them: how they are read from events, and which of them count as judged wrongly.
import { describe, expect, it } from "vitest";
import type { EventLine } from "../../../../src/core/capsule/line.ts";
import { calibrationRates, type Planted, plantedIn, type PlantTally } from "../../../../src/core/metrics/calibration.ts";
import { wilson } from "../../../../src/core/metrics/statistics/interval.ts";

type Payload = Readonly<Record<string, unknown>>;
const lines = (trial: string, ...payloads: readonly Payload[]): EventLine[] =>
  payloads.map((payload, seq) => ({ trial, spec_id: "task", uri: `${trial}/${seq}`, payload }) as unknown as EventLine);
const plant: Payload = { type: "CalibrationPlant", plant: "broken", right: "block" };
const asked: Payload = { type: "ModelCallEnvelope", role: "Judge", success: true, json_compliant: true };
const gate = (outcome: string, reason = "judged"): Payload => ({ type: "GateDecision", outcome, reason });
const judged = (...payloads: readonly Payload[]) => plantedIn({ calibration: lines("c.1", plant, ...payloads) })[0];

describe("a planted patch", () => {
  it("is read with the Judge's word and the critic's", () => {
    expect(judged({ type: "CounterSignal", severity: "advisory" }, asked, gate("Pass"))).toEqual({
      task: "task",
      plant: "broken",
      right: "block",
      judge: "unlock",
      critic: "advisory",
      uri: "c.1/0",
    });
    expect(judged(asked, gate("Fail"))).toMatchObject({ judge: "block", critic: null });
    // That the Judge's turn came is decided before it is asked.
    expect(judged({ type: "RoutingDecision", role: "Judge" }, asked, gate("Fail"))).toMatchObject({ judge: "block" });
  });

  it("is judged by the last of several tries to ask the Judge", () => {
    const failed = { ...asked, success: false, json_compliant: null };
    expect(judged(failed, asked, gate("Pass"))?.judge).toBe("unlock");
    expect(judged(asked, failed, gate("Pass"))?.judge).toBeNull();
  });

  it.each<readonly [string, readonly Payload[]]>([
    ["was not asked", [gate("Pass")]],
    ["was not asked, but somebody else", [{ ...asked, role: "SidecarCritic" }, gate("Pass")]],
    ["did not answer", [{ ...asked, success: false }, gate("Pass")]],
    ["gave no answer that could be checked", [{ ...asked, json_compliant: null }, gate("Pass")]],
    ["decided nothing", [asked]],
    ["could not be understood", [asked, gate("Fail", "no judgement: not JSON")]],
  ])("has no judgement where the Judge %s", (_, payloads) => {
    expect(judged(...payloads)?.judge).toBeNull();
  });

  it("is one by the trial of its events, and none where it was left out", () => {
    const two = [...lines("c.1", plant, asked, gate("Pass")), ...lines("c.2", { ...plant, plant: "reference", right: "unlock" }, asked, gate("Fail"))];
    expect(plantedIn({ calibration: two }).map(({ plant: kind, judge }) => [kind, judge])).toEqual([
      ["broken", "unlock"],
      ["reference", "block"],
    ]);
    expect(plantedIn({ calibration: lines("c.1", { ...plant, left_out: "no place" }, asked) })).toEqual([]);
    expect(plantedIn({ calibration: lines("c.1", asked, gate("Pass")) })).toEqual([]);
  });
});

describe("the rates of wrong judgements", () => {
  const one = (task: string, right: Planted["right"], judge: Planted["judge"], critic: Planted["critic"] = null): Planted => ({
    task,
    plant: right === "unlock" ? "reference" : "broken",
    right,
    judge,
    critic,
    uri: "",
  });
  const seen: (readonly PlantTally[])[] = [];
  const rates = (...planted: readonly Planted[]) => {
    seen.length = 0;
    return calibrationRates(planted, (tallies) => {
      seen.push(tallies);
      return wilson(
        tallies.reduce((sum, { passes }) => sum + passes, 0),
        tallies.reduce((sum, { trials }) => sum + trials, 0),
      );
    });
  };

  it("are of those that were judged: unlocked, unless the critic blocks", () => {
    const found = rates(
      one("a", "block", "unlock"),
      one("b", "block", "unlock", "block"),
      one("c", "block", "block"),
      one("d", "block", null),
      one("e", "block", "unlock", "advisory"),
    );
    expect(found.falseUnlock).toMatchObject({ value: 0.5, n: 4 });
    expect(found.falseBlock.n).toBe(0);
    expect(found.byPlant).toEqual([{ plant: "broken", planted: 5, judged: 4, wrong: 2 }]);
  });

  it("are of known-good patches that stayed locked, by whomever, and of those that the critic alone blocks", () => {
    const found = rates(
      one("a", "unlock", "block"),
      one("b", "unlock", "unlock", "block"),
      one("c", "unlock", "unlock", "advisory"),
      one("d", "unlock", null, "block"),
      one("e", "block", "block", "block"),
    );
    expect(found.falseBlock).toMatchObject({ value: 2 / 3, n: 3 });
    expect(found.criticBlocksGood).toMatchObject({ value: 2 / 3, n: 3 });
    expect(found.falseUnlock).toMatchObject({ value: 0, n: 1 });
    // What was not judged is none of the wrong ones, though it stayed locked.
    expect(found.byPlant).toEqual([
      { plant: "reference", planted: 4, judged: 3, wrong: 2 },
      { plant: "broken", planted: 1, judged: 1, wrong: 0 },
    ]);
  });

  it("take a task's epochs of one plant for repeats, and its other plants for others", () => {
    rates(one("a", "block", "unlock"), one("a", "block", "block"), { ...one("a", "block", "block"), plant: "tampered" }, one("b", "block", "block"));
    expect(seen[0]).toEqual([
      { task: "a", passes: 1, trials: 2 },
      { task: "a", passes: 0, trials: 1 },
      { task: "b", passes: 0, trials: 1 },
    ]);
  });
});
