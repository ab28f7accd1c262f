// What a report says of candidates that got slower or worse while the run went on: nothing, unless it matters.
import { describe, expect, it } from "vitest";
import { trialFacts, type TrialFacts } from "../../../../src/core/metrics/summary/trial.ts";
import { driftWarnings } from "../../../../src/core/report/drift.ts";
import { reportModel } from "../../../../src/core/report/model.ts";
import { runOf, slot, trial } from "../metrics/summary-fixture.ts";

const TASKS = Array.from({ length: 12 }, (_, task) => ({ id: `t${task}`, family: `f${task}` }));
const EPOCHS = 4;

/** One candidate's trials, epoch after epoch, a minute apart. `at`: from 0 to 1. */
function factsOf(
  name: string,
  script: (task: number, at: number) => { readonly ms: number; readonly passed?: boolean; readonly reused?: boolean },
  epochs = EPOCHS,
): readonly TrialFacts[] {
  const place = (task: number, epoch: number): number => (epoch - 1) * TASKS.length + task;
  const trials = TASKS.flatMap(({ id }, task) =>
    Array.from({ length: epochs }, (_, index) => {
      const { ms, passed = true, reused = false } = script(task, place(task, index + 1) / (TASKS.length * epochs - 1));
      return [`${name}/${id}/${index + 1}`, trial(slot(passed ? "passed" : "failed", { latencyMs: ms, durationMs: 0, answerReused: reused }))] as const;
    }),
  );
  const { trials: records } = runOf({ candidates: [name], tasks: TASKS, epochs, trials: Object.fromEntries(trials) });
  return records.map((record) => {
    const facts = trialFacts(record);
    return {
      ...facts,
      startedMs:
        1_700_000_000_000 +
        60_000 *
          place(
            TASKS.findIndex(({ id }) => id === facts.task.id),
            facts.epoch,
          ),
    };
  });
}

/** The same for every run: as if by chance. */
const wobble = (task: number, at: number): number => ((task * 7 + Math.round(at * 997) * 13) % 11) / 11;

describe("a sentence about drift", () => {
  it("is said where attempts took longer and longer, with its interval", () => {
    const [said, ...more] = driftWarnings(factsOf("slow", (task, at) => ({ ms: (200 + 100 * task) * (1 + 0.5 * at + 0.05 * wobble(task, at)) })));
    expect(more).toEqual([]);
    expect(said).toMatch(
      /^slow drifted in this run: its attempts took \d+ % longer at its end than at its beginning \(\d+ to \d+ %, over 48 trials of repeated tasks\)/,
    );
  });

  it("is said where it passed less and less often", () => {
    const [said] = driftWarnings(factsOf("worse", (task, at) => ({ ms: 300 + wobble(task, at), passed: at < 0.5 || task % 6 === 0 })));
    expect(said).toContain("it passed");
    expect(said).toContain("points less often at its end");
  });

  it.each<[string, readonly TrialFacts[]]>([
    ["tasks differ, and nothing changes", factsOf("steady", (task, at) => ({ ms: 200 + 300 * task + 40 * wobble(task, at), passed: task % 3 !== 0 }))],
    ["the change is too small to matter", factsOf("nearly", (_, at) => ({ ms: 1000 * (1 + 0.02 * at) }))],
    ["no task was repeated: late tasks may be the hard ones", factsOf("once", (_, at) => ({ ms: 100 + 900 * at }), 1)],
    ["answers were used again, and took no time", factsOf("reused", (_, at) => ({ ms: 100 + 900 * at, reused: true }))],
  ])("is not said where %s", (_, facts) => {
    expect(driftWarnings(facts)).toEqual([]);
  });

  it("is judged stricter the more candidates there are: each is a look for something", () => {
    // Found at the level of one candidate, and not at that of thirty.
    const weak = factsOf("weak", (task, at) => ({ ms: 300 * (1 + 0.3 * at + 0.62 * wobble(task, at)) }));
    const steady = Array.from({ length: 29 }, (_, index) => factsOf(`s${index}`, () => ({ ms: 300 }))).flat();
    const strong = factsOf("strong", (task, at) => ({ ms: 300 * (1 + 0.5 * at + 0.05 * wobble(task, at)) }));
    expect(driftWarnings([...strong, ...steady])).toHaveLength(1);
    expect(driftWarnings(weak)).toHaveLength(1);
    expect(driftWarnings([...weak, ...steady])).toEqual([]);
  });
});

describe("a run without repeats", () => {
  it("has no drift in its report", () => {
    const [id] = TASKS;
    const run = runOf({ candidates: ["c"], tasks: [{ id: id?.id ?? "" }], trials: { [`c/${id?.id ?? ""}/1`]: trial(slot("passed")) } });
    expect(reportModel(run).summary.candidates[0]?.timings).not.toHaveProperty("drift");
  });
});
