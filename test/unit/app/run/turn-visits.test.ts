// Whose server is loaded when, by what loading costs.
import { describe, expect, it } from "vitest";
import { takeTurns } from "../../../../src/app/run/turn-visits.ts";
import type { Turn } from "../../../../src/core/policy/turns.ts";

const TURNS: readonly Turn[] = [["a"], ["b"], ["c"]];

/** Loads for so long and works for 100 ms a block; gives what happened, as `NAME BLOCKS`. */
async function taken(
  loadMs: Readonly<Record<string, number>>,
  { blocks = 4, left = () => true }: { blocks?: number; left?: (name: string, block: number) => boolean } = {},
) {
  let now = 0;
  const log: string[] = [];
  const name = (turn: Turn): string => turn.join("+");
  await takeTurns(TURNS, blocks, {
    clock: { now: () => now, wall: () => "" },
    isLeft: (turn, wanted) => wanted.some((block) => left(name(turn), block)),
    during: async (turn, work) => {
      now += loadMs[name(turn)] ?? 0;
      log.push(`load ${name(turn)}`);
      await work();
    },
    carryOut: async (turn, wanted) => {
      now += 100 * wanted.length;
      log.push(`${name(turn)} ${wanted.join("")}`);
    },
  });
  return { log, loads: log.filter((line) => line.startsWith("load")).map((line) => line.slice("load ".length)) };
}

describe("turns", () => {
  it("go there and back over the blocks where loading is cheap; who ends a block begins the next", async () => {
    const { log } = await taken({ a: 10, b: 1, c: 0 });
    expect(log.filter((line) => !line.startsWith("load"))).toEqual(["a 0", "b 0", "c 01", "b 1", "a 12", "b 2", "c 23", "b 3", "a 3"]);
  });

  it("are one each where loading is not", async () => {
    expect((await taken({ a: 5000, b: 5000, c: 5000 })).log).toEqual(["load a", "a 0", "a 123", "load b", "b 0", "b 123", "load c", "c 01", "c 23"]);
  });

  it("are one for whose loading is long, and several for the others", async () => {
    expect((await taken({ a: 1, b: 5000, c: 1 })).loads).toEqual(["a", "b", "c", "a", "c", "a"]);
  });

  it("do each block of each once", async () => {
    for (const loadMs of [{}, { a: 5000 }, { c: 5000 }, { a: 50, b: 9 }]) {
      const { log } = await taken(loadMs);
      const done = log.flatMap((line) => (line.startsWith("load") ? [] : [...(line.split(" ")[1] ?? "")].map((block) => `${line[0] ?? ""}${block}`)));
      expect(done.toSorted()).toEqual(["a", "b", "c"].flatMap((name) => [0, 1, 2, 3].map((block) => `${name}${block}`)));
    }
  });

  it("load nobody of whom nothing is left", async () => {
    const { loads, log } = await taken({}, { left: (name, block) => name !== "b" && block === 3 });
    expect(loads).toEqual(["c", "a"]);
    // What is done already is told of all the same.
    expect(log).toContain("b 0");
  });
});
