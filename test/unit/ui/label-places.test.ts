// The names in a plot: beside their points, and never one over another.
import { describe, expect, it } from "vitest";
import { labelPlaces } from "../../../src/ui/label-places.ts";

const named = (name: string, x: number, y: number) => ({ name, x, y });

describe("names of points", () => {
  it("stand one above the other where points lie on each other, and below where there is no room above", () => {
    expect(labelPlaces([named("nop", 100, 200), named("rustc-suggestions", 100, 200), named("other", 104, 199)], 560).map(({ y }) => y)).toEqual([
      191, 178, 164,
    ]);
    expect(labelPlaces([named("oracle", 400, 14), named("cheat", 400, 14)], 560)).toEqual([
      { x: 390, y: 32, anchor: "end" },
      { x: 390, y: 45, anchor: "end" },
    ]);
  });

  it("stay at their points where nothing is in the way", () => {
    expect(labelPlaces([named("a", 100, 200), named("b", 300, 200), named("c", 100, 100)], 560).map(({ x, y }) => [x, y])).toEqual([
      [110, 191],
      [310, 191],
      [110, 91],
    ]);
  });
});
