// Progress: a line a trial, or one line that is redrawn.
import { createColors } from "picocolors";
import { foldTrial } from "../../../../src/core/trial/fold.ts";
import { describe, expect, it } from "vitest";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { openProgress } from "../../../../src/cli/run/progress.ts";
import {
  answered,
  editFor,
  goodScript,
  headerOf,
  memoryJournal,
  optionsFor,
  planting,
  policyWith,
  type RunSketch,
  type Script,
  taskNamed,
} from "../../run/fakes.ts";

const sketch: RunSketch = { tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"] };

/** The first trial passes in its slot, the second only after escalation. */
const script: Script = (request, provider) => {
  const isReflex = provider === "local" && request.material.task.id === "fix-c";
  return request.purpose === "patch" && isReflex ? answered(editFor(request.material.task, "failed")) : goodScript(request, provider);
};

async function told(redraw: boolean): Promise<string> {
  let text = "";
  let now = 0;
  const progress = openProgress({ write: (piece) => (text += piece), now: () => (now += 1000), redraw, ink: createColors(false) });
  progress.note("begun");
  const trialDone: (typeof progress)["trial"] = (...done) => progress.trial(...done);
  const watcher = { preparing: () => undefined, prepared: () => undefined, trialDone };
  await runBakeoff(optionsFor({ ...sketch, script }, memoryJournal(headerOf(sketch)), { watcher }));
  progress.end();
  return text;
}

describe("progress", () => {
  it("is a line a trial where nothing can be redrawn, without control characters", async () => {
    const lines = (await told(false)).split("\n");
    expect(lines).toEqual([
      "begun",
      "[1/2] small/fix-a/1: passed at attempt 1 by small, unlocked",
      expect.stringMatching(/^\[2\/2\] small\/fix-c\/1: passed at attempt 3 by \S+, unlocked$/) as string,
      "",
    ]);
  });

  it("says of a run that goes on what was done before, and guesses by its own pace", () => {
    for (const redraw of [false, true]) {
      let [text, now] = ["", 0];
      const progress = openProgress({ write: (piece) => (text += piece), now: () => now, redraw, ink: createColors(false) });
      progress.before(90, 100);
      now = 10_000;
      progress.trial({ id: "small/fix-a/1" } as Parameters<typeof progress.trial>[0], foldTrial([]), 91, 100);
      if (redraw) expect(text).toMatch(/ 91\/100 .* about 2 min left$/);
      else expect(text).toBe("[90/100] done before\n[91/100] small/fix-a/1: no attempt\n");
    }
  });

  it("is one line that is redrawn on a terminal, with counts and a guess at what is left", async () => {
    const drawn = (await told(true)).split("\r\u001B[2K");
    expect(drawn[1]).toBe("begun\n");
    expect(drawn[2]).toBe(`${"█".repeat(12)}${"░".repeat(12)}  1/2  1 in slot  0 after escalation  0 unsolved  about 1 s left`);
    expect(drawn[3]).toMatch(/ 2\/2 {2}1 in slot {2}1 after escalation {2}0 unsolved {2}about 1 s left$/);
    expect(drawn.at(-1)).toBe("");
  });
});

describe("the redrawn line", () => {
  /** Every frame of a run with calibration patches, without what clears it. */
  async function frames(columns: number): Promise<readonly string[]> {
    let [text, now] = ["", 0];
    const progress = openProgress({
      write: (piece) => (text += piece),
      now: () => (now += 1000),
      redraw: true,
      columns: () => columns,
      ink: createColors(false),
    });
    const snapshot = policyWith(planting(2));
    const plants = { ...sketch, snapshot };
    const watcher = {
      preparing: () => undefined,
      prepared: () => undefined,
      trialDone: (...done: Parameters<typeof progress.trial>) => progress.trial(...done),
      calibrated: (done: number, total: number) => progress.calibrated(done, total),
    };
    await runBakeoff(optionsFor({ ...plants, script }, memoryJournal(headerOf(plants)), { watcher }));
    return text.split("\r\u001B[2K").slice(1);
  }

  it.each([20, 40, 60, 80, 120, 200])("is one line at %i columns", async (columns) => {
    for (const frame of await frames(columns)) {
      expect(frame).not.toContain("\n");
      expect([...frame].length).toBeLessThan(columns);
    }
  });

  it("counts calibration, and is full only when all is done", async () => {
    const drawn = await frames(160);
    const full = drawn.findIndex((frame) => frame.startsWith("█".repeat(24)));
    expect(full).toBe(drawn.length - 1);
    expect(drawn.at(-1)).toMatch(/ {2}(\d+)\/\1 {2}.* (\d+)\/\2 calibrated$/);
  });
});
