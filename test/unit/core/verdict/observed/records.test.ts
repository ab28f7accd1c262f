import { describe, expect, it } from "vitest";
import { countObservations, differences, keyed, readObservations, stable } from "../../../../../src/core/verdict/observed/records.ts";

const read = (...lines: string[]) => keyed(readObservations(lines.map((line) => `${line}\n`).join("")).observations);

describe("records of observed tests", () => {
  it("are counted by test, place and passage", () => {
    expect([...read("a::t\t3:9\tleft\t1", "a::t\t3:9\tleft\t2", "a::u\t3:9\tleft\t1")]).toEqual([
      ["a::t\t3:9\tleft\t0", "1"],
      ["a::t\t3:9\tleft\t1", "2"],
      ["a::u\t3:9\tleft\t0", "1"],
    ]);
  });

  it("have no order where threads of a test told them", () => {
    expect(read("?\t3:9\tleft\t2", "?\t3:9\tleft\t1")).toEqual(read("?\t3:9\tleft\t1", "?\t3:9\tleft\t2"));
  });

  it("keep the order in which a test's own thread told them, whatever they are", () => {
    expect([...read("t\t1:1\tleft\tb", "t\t1:1\tleft\ta").values()]).toEqual(["b", "a"]);
    expect([...read("?\t1:1\tleft\tb", "?\t1:1\tleft\ta").values()]).toEqual(["a", "b"]);
  });

  it("may hold an empty value, and are none without one", () => {
    expect(readObservations("t\t1:1\tleft\t\nt\t1:1\tleft\n")).toEqual({ observations: [{ test: "t", site: "1:1", kind: "left", value: "" }], foreign: 1 });
    expect(stable([])).toEqual(new Map());
    const runs = ["a", "a", "b"].map((value) => read(`t\t1:1\tleft\t${value}`));
    expect(stable(runs).size).toBe(0);
    expect(stable(runs.slice(0, 2)).size).toBe(1);
  });

  it("count lines that no observed test writes, and read nothing from them", () => {
    const { observations, foreign } = readObservations("hello\na\t3:9\tleft\tx\ty\na\t3:9\tup\tx\na\tb:9\tleft\tx\na\t1:1\tbit\ttrue\n");
    expect(observations).toEqual([{ test: "a", site: "1:1", kind: "bit", value: "true" }]);
    expect(foreign).toBe(4);
  });

  it("drop what differs between repeats of the reference", () => {
    expect([...stable([read("t\t1:1\tleft\ta", "t\t2:1\tleft\t7"), read("t\t1:1\tleft\ta", "t\t2:1\tleft\t8")]).keys()]).toEqual(["t\t1:1\tleft\t0"]);
  });

  it("differ by value and by absence, and not by what comes beyond", () => {
    const reference = read("t\t1:1\tleft\ta", "t\t2:1\tbit\ttrue", "u\t1:1\tleft\tb");
    const seen = read("t\t1:1\tleft\tz", "v\t9:9\tleft\tq");
    expect(differences(reference, seen)).toEqual([
      { key: "t\t1:1\tleft\t0", expected: "a", seen: "z" },
      { key: "t\t2:1\tbit\t0", expected: "true", seen: null },
      { key: "u\t1:1\tleft\t0", expected: "b", seen: null },
    ]);
    expect(differences(reference, reference)).toEqual([]);
  });
});

describe("what a test tells", () => {
  it("is counted in values and in bits: booleans are bits, whatever side they stand on", () => {
    const reference = {
      "m::a\t3:9\tleft\t0": "Some(1)",
      "m::a\t4:9\tright\t0": "[1, 2]",
      // Of a value that counts already.
      "m::a\t3:14\tleft-part\t0": "1",
      "m::a\t4:14\tright-part\t0": "2",
      "m::a\t5:9\tleft\t0": "true",
      "m::a\t6:9\tbit\t0": "false",
      "m::a\t7:9\tright\t0": "false",
      "m::a\tend\tbit\t0": "ok",
      "m::b\tend\tbit\t0": "ok",
    };
    expect([...countObservations(reference)]).toEqual([
      ["m::a", { values: 2, bits: 4 }],
      ["m::b", { values: 0, bits: 1 }],
    ]);
  });
});
