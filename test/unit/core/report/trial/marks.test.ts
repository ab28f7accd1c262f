// Which trials are worth a look, and in which order.
import { describe, expect, it } from "vitest";
import { trialFacts } from "../../../../../src/core/metrics/summary/trial.ts";
import { TRIAL_MARK_NAMES, trialMarks, worthLookingAt } from "../../../../../src/core/report/trial/marks.ts";
import { outcomeSentence } from "../../../../../src/core/report/trial/outcome.ts";
import { cloud, type RunScript, runOf, slot, trial } from "../../metrics/summary-fixture.ts";

const factsOf = (script: RunScript) => runOf(script).trials.map(trialFacts);
const script: RunScript = {
  candidates: ["a", "b", "nop", "oracle"],
  tasks: [{ id: "one" }, { id: "two" }, { id: "high", risk: "high" }],
  epochs: 2,
  trials: {
    "a/one/1": trial(slot("failed"), slot("failed"), cloud("passed")),
    "a/one/2": trial(slot("passed")),
    "a/two/1": trial(slot("tampered"), slot("passed")),
    "a/two/2": { attempts: [slot("passed")], unlock: "Fail" },
    "a/high/1": trial(cloud("failed")),
    "a/high/2": { attempts: [cloud("failed")], unlock: "Pass" },
    "b/one/1": trial(slot("passed")),
    "b/one/2": trial(slot("passed")),
    "b/two/1": trial(slot("infrastructure")),
    "b/high/1": trial({ ...cloud("passed"), inSlotsPlace: true }),
    "b/high/2": trial(slot("patch-rejected", { failedCall: true, failure: "overload" })),
    "b/two/2": { attempts: [slot("disputed"), slot("passed")], unlock: null },
    "nop/one/1": trial(slot("failed"), slot("failed"), cloud("passed")),
    "nop/two/1": trial(slot("passed")),
    "oracle/one/1": trial(slot("failed"), slot("passed")),
    "oracle/two/1": trial(slot("failed"), slot("failed"), cloud("passed")),
  },
};

const facts = factsOf(script);
const marks = trialMarks(
  facts,
  new Map([
    ["a/one/1", true],
    ["b/one/1", true],
  ]),
);

describe("marks", () => {
  it.each([
    ["a/one/1", ["regressed", "flaky", "differs", "lost"]],
    ["a/one/2", ["flaky"]],
    ["a/two/1", ["tampered"]],
    ["a/two/2", ["false-block"]],
    ["a/high/1", undefined],
    ["a/high/2", ["false-unlock"]],
    ["b/one/1", ["differs"]],
    ["b/two/1", ["infrastructure"]],
    ["b/two/2", ["disputed", "unfinished"]],
    ["b/high/1", ["unasked"]],
    ["b/high/2", ["server-failed", "lost"]],
    ["nop/one/1", ["lost"]],
    ["nop/two/1", ["unexpected"]],
    ["oracle/one/1", undefined],
    ["oracle/two/1", ["unexpected", "lost"]],
  ])("of %s are %j", (id, expected) => {
    expect(marks.get(id)).toEqual(expected);
  });

  it.each([
    ["b/high/1", "never asked: the slot's server was out of service, in no rate"],
    ["b/high/2", "lost in the slot: every call failed at its server"],
    ["a/one/1", "lost in the slot (failed, then failed)"],
  ])("stand beside a sentence: %s was %s", (id, sentence) => {
    const found = facts.find((one) => one.id === id);
    expect(found && outcomeSentence(found)).toContain(sentence);
  });

  it("are all given to some trial of this run", () => {
    expect(new Set([...marks.values()].flat())).toEqual(new Set(TRIAL_MARK_NAMES));
  });

  it("count nobody as regressed without a run before", () => {
    expect([...trialMarks(facts).values()].flat()).not.toContain("regressed");
  });
});

it("puts the gravest first, what controls lose by design last, and leaves out what has no mark", () => {
  const ordered = worthLookingAt(facts, marks).map(({ id }) => id);
  expect(ordered.slice(0, 3)).toEqual(["a/two/1", "b/two/2", "a/high/2"]);
  expect(ordered.at(-1)).toBe("nop/one/1");
  expect(ordered).not.toContain("a/high/1");
});
