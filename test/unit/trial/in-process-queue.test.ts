// The queue of a run in one process: so many trials at a time, each made when its turn comes.
import { describe, expect, it } from "vitest";
import { inProcessQueue } from "../../../src/trial/in-process-queue.ts";
import type { QueuedTrial } from "../../../src/ports/trial-queue.ts";

/** Trials that end a little later, in a list that is made one by one. */
function trialsOf(count: number, fails: readonly number[] = []) {
  const seen = { made: 0, now: 0, most: 0, done: [] as number[], madeBefore: [] as number[] };
  function* make(): Generator<QueuedTrial> {
    for (let number = 0; number < count; number += 1) {
      seen.made += 1;
      const run = async (): Promise<void> => {
        seen.now += 1;
        seen.most = Math.max(seen.most, seen.now);
        seen.madeBefore.push(seen.made);
        await new Promise((resolve) => setImmediate(resolve));
        seen.now -= 1;
        if (fails.includes(number)) throw new Error(`trial ${number}`);
        seen.done.push(number);
      };
      yield { run } as unknown as QueuedTrial;
    }
  }
  return { seen, trials: make() };
}

describe("trials in one process", () => {
  it("are carried out so many at a time, and none is made before there is room", async () => {
    const { seen, trials } = trialsOf(10);
    await inProcessQueue(3).carryOut(trials);
    expect([seen.most, seen.done.length, seen.madeBefore[3]]).toEqual([3, 10, 4]);
  });
  it("are carried out one after the other, in their order", async () => {
    const { seen, trials } = trialsOf(5);
    await inProcessQueue(1).carryOut(trials);
    expect([seen.most, seen.done]).toEqual([1, [0, 1, 2, 3, 4]]);
  });
  it("are all under way at once where nothing bounds them", async () => {
    const { seen, trials } = trialsOf(50);
    await inProcessQueue(Number.POSITIVE_INFINITY).carryOut(trials);
    expect(seen.most).toBe(50);
  });
  it("that fail are thrown once nothing is under way any more, the first of them", async () => {
    const { seen, trials } = trialsOf(6, [1, 4]);
    await expect(inProcessQueue(2).carryOut(trials)).rejects.toThrow("trial 1");
    expect([seen.now, seen.done]).toEqual([0, [0, 2, 3, 5]]);
  });
  it("may be none", async () => expect(await inProcessQueue(2).carryOut([])).toBeUndefined());
});
