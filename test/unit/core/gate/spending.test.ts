// What runs spent, what a plan would cost by it, and how soundly the machine measured.
import { describe, expect, it } from "vitest";
import type { EventLine } from "../../../../src/core/capsule/line.ts";
import type { TrialRecord } from "../../../../src/core/capsule/record.ts";
import { harnessFacts, openHarness } from "../../../../src/core/gate/harness.ts";
import { SEQUENTIAL } from "../../../../src/core/gate/level.ts";
import { costOf, type RunSpending, SpendingReader, type WorkSpending } from "../../../../src/core/gate/spending.ts";
import { ANYTIME } from "../../../../src/core/gate/statistics/anytime.ts";
import { BY_FAMILY, BY_FAMILY_EVENLY } from "../../../../src/core/gate/statistics/by-family.ts";
import { BY_TASK } from "../../../../src/core/gate/statistics/by-task.ts";
import { CURRENT, statisticsOf } from "../../../../src/core/gate/statistics/versions.ts";
import { headerOf, runOf, slot, trial } from "../metrics/summary-fixture.ts";

const header = headerOf({ candidates: ["gpt"], tasks: [{ id: "a" }, { id: "b" }] });
const record = (...attempts: readonly ReturnType<typeof slot>[]): TrialRecord =>
  runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(...attempts) } }).trials[0] as TrialRecord;
const at = (events: readonly EventLine[], time: string): readonly EventLine[] => events.map((event) => ({ ...event, timestamp: `2026-11-22T${time}.000Z` }));

describe("what a run spent", () => {
  it("is counted by trials and plants, with the minutes to its last event", () => {
    const reader = new SpendingReader(header);
    const { events } = record(slot("failed", { costUsd: 0.5 }), slot("passed", { costUsd: 0.25 }));
    reader.trial(at(events, "10:30:00"));
    reader.trial(at(events, "10:12:00"));
    reader.plant(at(record(slot("passed", { costUsd: null })).events, "10:20:00"));
    const { trials, plants, minutes } = reader.end();
    expect(trials).toMatchObject({ count: 2, calls: 4, spent: { costUsd: 1.5, tokens: 4 * 990, callsOfUnknownCost: 0 } });
    expect(plants).toMatchObject({ count: 1, calls: 1, spent: { callsOfUnknownCost: 1 } });
    expect(minutes).toBeCloseTo(30, 6);
  });
  it("is nothing without an event, and never less", () => {
    expect(new SpendingReader(header).end()).toMatchObject({ trials: { count: 0, calls: 0 }, plants: { count: 0 }, minutes: 0 });
    const early = new SpendingReader(header);
    early.trial(at(record(slot("passed")).events, "09:00:00"));
    expect(early.end().minutes).toBe(0);
  });
});

describe("the cost of a plan", () => {
  const work = (count: number, calls: number, more: Partial<WorkSpending["spent"]> = {}): WorkSpending => ({
    count,
    calls,
    spent: { ...new SpendingReader(header).end().trials.spent, tokens: 1000 * calls, costUsd: 0.01 * calls, ...more },
  });
  const run = (trials: WorkSpending, plants = work(0, 0), minutes = 60): RunSpending => ({ trials, plants, minutes });

  it("is what one took on average, for so many", () => {
    const cost = costOf([run(work(10, 20), work(2, 2), 40), run(work(10, 40), work(8, 18), 50)], { trials: 100, plants: 10 });
    expect(cost).toMatchObject({ trials: 100, plants: 10, calls: 3 * 100 + 2 * 10, tokens: 320_000 });
    expect(cost.costUsd).toBeCloseTo(3.2, 9);
    expect(cost.minutes).toBeCloseTo((90 / 30) * 110, 9);
  });
  it("is not known without a run, or of plants that no run planted", () => {
    expect(costOf([], { trials: 5, plants: 0 })).toEqual({ trials: 5, plants: 0, calls: null, tokens: null, costUsd: null, minutes: null });
    expect(costOf([run(work(10, 20))], { trials: 5, plants: 1 })).toMatchObject({ calls: null, tokens: null, costUsd: null, minutes: 36 });
    expect(costOf([run(work(10, 20))], { trials: 5, plants: 0 })).toMatchObject({ calls: 10, tokens: 10_000 });
    expect(costOf([run(work(0, 0), work(10, 20))], { trials: 5, plants: 5 })).toMatchObject({ calls: null });
  });
  it("is not known in money or tokens where it was not known of one call", () => {
    expect(costOf([run(work(10, 20, { callsOfUnknownCost: 1 }))], { trials: 5, plants: 0 })).toMatchObject({ calls: 10, tokens: 10_000, costUsd: null });
    expect(costOf([run(work(10, 20, { callsOfUnknownTokens: 1 }))], { trials: 5, plants: 0 })).toMatchObject({ calls: 10, tokens: null });
  });
});

describe("the harness of a run", () => {
  const tally = (...records: readonly TrialRecord[]) => {
    const { add, end } = openHarness();
    for (const one of records) add(one);
    return end();
  };
  /** A trial of one task whose attempts came to these trees. */
  const onTrees = (statuses: readonly (readonly [string, Parameters<typeof slot>[0]])[], reused = false): TrialRecord => {
    const made = record(...statuses.map(([, status]) => slot(status)));
    const attempts = made.state.attempts.map((attempt, index) => ({
      ...attempt,
      patches: [{ patch_id: statuses[index]?.[0] }],
      result: { ...attempt.result, reused },
    }));
    return { ...made, state: { ...made.state, attempts } } as unknown as TrialRecord;
  };

  it("counts finished trials, and those that our own side lost", () => {
    const open = { ...record(slot("passed")), state: { ...record(slot("passed")).state, unlocked: null } } as TrialRecord;
    expect(tally(record(slot("passed")), record(slot("infrastructure")), open)).toMatchObject({ trials: 2, infrastructure: 1 });
  });

  it("finds a tree that was judged otherwise when it came again, in one run or in several", () => {
    const facts = (...tallies: ReturnType<typeof tally>[]) => {
      const { repeatedTrees, disagreeing } = harnessFacts(tallies);
      return [repeatedTrees, disagreeing];
    };
    expect(facts(tally(onTrees([["x", "passed"]])))).toEqual([0, 0]);
    expect(facts(tally(onTrees([["x", "passed"]]), onTrees([["x", "passed"]])))).toEqual([1, 0]);
    expect(
      facts(
        tally(
          onTrees([
            ["x", "failed"],
            ["x", "passed"],
          ]),
        ),
      ),
    ).toEqual([1, 1]);
    expect(facts(tally(onTrees([["x", "passed"]])), tally(onTrees([["x", "failed"]])))).toEqual([1, 1]);
    expect(facts(tally(onTrees([["x", "passed"]])), tally(onTrees([["y", "failed"]])))).toEqual([0, 0]);
    const split = tally(
      onTrees([
        ["x", "failed"],
        ["x", "passed"],
        ["y", "passed"],
      ]),
    );
    expect(
      facts(
        split,
        tally(
          onTrees([
            ["x", "failed"],
            ["y", "passed"],
          ]),
        ),
      ),
    ).toEqual([2, 1]);
    expect(facts(tally(onTrees([["x", "failed"]])), split)).toEqual([1, 1]);
  });

  it("takes no verdict for one that was reused, that our own side lost, or that no tree came to", () => {
    expect(tally(onTrees([["x", "passed"]], true)).trees.size).toBe(0);
    expect(
      tally(
        onTrees([
          ["x", "infrastructure"],
          ["y", "patch-rejected"],
        ]),
      ).trees.size,
    ).toBe(0);
    expect(tally(onTrees([["x", "timeout"]])).trees.size).toBe(1);
  });

  it("adds runs up", () => {
    const one = tally(record(slot("infrastructure")), record(slot("passed")));
    expect(harnessFacts([one, one])).toMatchObject({ trials: 4, infrastructure: 2 });
  });
});

describe("the statistics of a decision", () => {
  it("are those of its version, and bets in the middle of a run", () => {
    expect([1, 2, 3].map((version) => statisticsOf(version as 1 | 2 | 3, null))).toEqual([BY_TASK, BY_FAMILY_EVENLY, BY_FAMILY]);
    expect(statisticsOf(3, { by: "bounds" })).toBe(BY_FAMILY);
    expect(statisticsOf(2, { by: undefined })).toBe(BY_FAMILY_EVENLY);
    expect(statisticsOf(2, { by: "bets" })).toEqual({ ...ANYTIME, version: 2 });
    expect([CURRENT, BY_TASK.version, BY_FAMILY_EVENLY.version, BY_FAMILY.version]).toEqual([3, 1, 2, 3]);
    expect(SEQUENTIAL).toEqual(["betting", "spending"]);
  });
});
