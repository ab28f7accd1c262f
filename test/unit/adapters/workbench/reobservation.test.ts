// Tests of what is left of a reference that is observed again.
import { describe, expect, it } from "vitest";
import { steadyReference } from "../../../../src/adapters/workbench/reobservation.ts";

describe("a reference that is observed again", () => {
  const reference = { a: { one: "1", day: "Monday" }, b: { two: "2" } };

  it("keeps what comes out alike, and counts what does not", () => {
    const now = new Map([
      [
        "a",
        new Map([
          ["one", "1"],
          ["day", "Tuesday"],
          ["more", "x"],
        ]),
      ],
      ["b", new Map([["two", "2"]])],
    ]);
    expect(steadyReference(reference, now)).toEqual({ reference: { a: { one: "1" }, b: { two: "2" } }, unsteady: 1 });
  });

  it("keeps nothing of a binary that told nothing", () => {
    expect(steadyReference(reference, new Map())).toEqual({ reference: { a: {}, b: {} }, unsteady: 3 });
  });
});
