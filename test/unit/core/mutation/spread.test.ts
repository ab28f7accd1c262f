import { describe, expect, it } from "vitest";
import { findMutants, type Mutant } from "../../../../src/core/mutation/mutant.ts";
import { OPERATORS } from "../../../../src/core/mutation/operators/operator.ts";
import { TaskSpread } from "../../../../src/core/mutation/spread.ts";
import { parse } from "./rust.ts";

const source = (name: string) => `pub fn ${name}(mut a: u32, b: u32) -> u32 {\n    if a < b {\n        a += 1;\n    }\n    a + b\n}\n`;
const files = ["a", "b", "c"].map((name) => ({ path: `src/${name}.rs`, source: source(name).repeat(3) }));
const mutants = findMutants(files, OPERATORS, parse);

/** All that is left, wave after wave. */
function drained(spread: TaskSpread): Mutant[] {
  const all: Mutant[] = [];
  for (let wave = spread.nextWave(mutants.length); wave.length > 0; wave = spread.nextWave(mutants.length)) all.push(...wave);
  return all;
}

describe("the order in which mutants are tried", () => {
  it("is the same for a seed, another for another, and leaves none out", () => {
    const order = (seed: number) => drained(new TaskSpread(mutants, seed, 10)).map(({ key }) => key);
    expect(order(1)).toEqual(order(1));
    expect(order(2)).not.toEqual(order(1));
    expect(order(1).toSorted()).toEqual(mutants.map(({ key }) => key).toSorted());
  });

  it("goes round files and operators before it comes back to one", () => {
    const wave = new TaskSpread(mutants, 1, 10).nextWave(6);
    expect(new Set(wave.map(({ path }) => path)).size).toBe(3);
    expect(new Set(wave.map(({ operator }) => operator.name)).size).toBe(6);
  });

  it("tries no two of a line in one wave", () => {
    const wave = new TaskSpread(mutants, 1, 10).nextWave(mutants.length);
    const lines = new Set(mutants.map(({ path, line }) => `${path}:${line}`));
    expect([wave.length, new Set(wave.map(({ path, line }) => `${path}:${line}`)).size]).toEqual([lines.size, lines.size]);
  });

  it("leaves out what asks for the repair of a kept one, and what it is told to", () => {
    const spread = new TaskSpread(mutants, 1, 10);
    const [first] = spread.nextWave(1);
    if (!first) throw new Error("no mutant");
    const isBeside = ({ path, line }: (typeof mutants)[number]): boolean => path === first.path && line === first.line;
    expect(mutants.filter(isBeside).length).toBeGreaterThan(1);
    spread.keep(first, { kind: "compile", codes: ["E0308"] });
    const others = mutants.filter(({ path }) => path !== "src/b.rs").length;
    const gone = spread.leaveOut(({ path }) => path === "src/b.rs");
    const rest = drained(spread);
    expect([gone + rest.length, rest.filter(isBeside).length, rest.filter(({ path }) => path === "src/b.rs").length]).toEqual([
      mutants.filter((mutant) => !isBeside(mutant)).length,
      0,
      0,
    ]);
    expect(rest.length).toBeLessThanOrEqual(others);
  });

  it("tries an operator last that lost four in a row, until one of it is kept", () => {
    const name = mutants[0]?.operator.name ?? "";
    const own = mutants.filter(({ operator }) => operator.name === name);
    const placeOf = (lost: number, kept: number): number => {
      const spread = new TaskSpread(mutants, 1, 100);
      for (const mutant of own.slice(0, lost)) spread.lose(mutant);
      if (kept > 0 && own[0]) spread.keep({ ...own[0], path: "src/elsewhere.rs" }, { kind: "compile", codes: [] });
      return drained(spread).findIndex(({ operator }) => operator.name === name);
    };
    expect(own.length).toBeGreaterThanOrEqual(4);
    expect(placeOf(3, 0)).toBeLessThan(mutants.length / 2);
    expect(placeOf(4, 0)).toBe(mutants.length - own.length);
    expect(placeOf(4, 1)).toBeLessThan(mutants.length - own.length);
  });

  it("has room for a half of each kind and an eighth of each set of codes", () => {
    const spread = new TaskSpread(mutants, 1, 16);
    const [mutant] = mutants;
    if (!mutant) throw new Error("no mutant");
    const weight = { kind: "compile", codes: ["E0308"] } as const;
    for (const room of [true, true, false]) {
      expect(spread.hasRoom(weight)).toBe(room);
      spread.keep(mutant, weight);
    }
    expect(spread.hasRoom({ kind: "compile", codes: ["E0061"] })).toBe(true);
    for (let kept = 0; kept < 8; kept += 1) spread.keep(mutant, { kind: "test", codes: [] });
    expect(spread.hasRoom({ kind: "test", codes: [] })).toBe(false);
  });
});
