import { describe, expect, it } from "vitest";
import { findMutants } from "../../../../src/core/mutation/mutant.ts";
import { OPERATORS } from "../../../../src/core/mutation/operators/operator.ts";
import { TaskSpread } from "../../../../src/core/mutation/spread.ts";
import { parse } from "./rust.ts";

const source = (name: string) => `pub fn ${name}(mut a: u32, b: u32) -> u32 {\n    if a < b {\n        a += 1;\n    }\n    a + b\n}\n`;
const files = ["a", "b", "c"].map((name) => ({ path: `src/${name}.rs`, source: source(name).repeat(3) }));
const mutants = findMutants(files, OPERATORS, parse);

describe("the order in which mutants are tried", () => {
  it("is the same for a seed, another for another, and leaves none out", () => {
    const order = (seed: number) => new TaskSpread(mutants, seed, 10).nextWave(mutants.length).map(({ key }) => key);
    expect(order(1)).toEqual(order(1));
    expect(order(2)).not.toEqual(order(1));
    expect(order(1).toSorted()).toEqual(mutants.map(({ key }) => key).toSorted());
  });

  it("goes round files and operators before it comes back to one", () => {
    const wave = new TaskSpread(mutants, 1, 10).nextWave(6);
    expect(new Set(wave.map(({ path }) => path)).size).toBe(3);
    expect(new Set(wave.map(({ operator }) => operator.name)).size).toBe(6);
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
