// What a run spent: every call counts, whoever made it, and runs add up.
import { describe, expect, it } from "vitest";
import { spentIn } from "../../../../src/core/capsule/spent.ts";
import { cloud, runOf, slot, trial } from "../metrics/summary-fixture.ts";

describe("spentIn", () => {
  const record = runOf({
    candidates: ["new", "cloud"],
    tasks: [{ id: "a" }, { id: "b", risk: "high" }],
    trials: {
      "new/a/1": trial(slot("failed", { costUsd: 0.25 }), cloud("passed", { costUsd: 1 })),
      "new/b/1": trial(cloud("passed", { costUsd: 2 })),
      "cloud/a/1": trial(slot("passed", { costUsd: null })),
    },
  });

  it("sums the calls of every candidate, role and risk, and counts those of unknown cost apart", () => {
    expect(spentIn(record)).toMatchObject({ costUsd: 3.25, tokens: 4 * 990, callsOfUnknownCost: 1 });
  });

  it("adds up over runs", () => {
    expect(spentIn(record, spentIn(record))).toMatchObject({ costUsd: 6.5, tokens: 8 * 990 });
  });
});
