// Tests of which observed runs are started, and of what they are held against.
import { describe, expect, it } from "vitest";
import { observedBinaries, observedRuns, referenceDifferences } from "../../../../src/adapters/workbench/observation.ts";
import type { StageOutput } from "../../../../src/adapters/sandbox/sandbox.ts";

const KEY = "own::adds\t3:9\tleft\t0";
const names = {
  module: "xm",
  record: "xrecord",
  right: "XRIGHT",
  reference: { "debug/deps/own-1": { [KEY]: "5" }, "debug/deps/unsteady-1": {} },
};
const binaries = [{ exe: "debug/deps/end_to_end-1" }, { exe: "debug/deps/unsteady-1" }, { exe: "debug/deps/own-1" }];
const run = (value: string): StageOutput => ({ stdout: "", record: `own::xm_tests::adds\t3:9\tleft\t${value}\n` }) as Partial<StageOutput> as StageOutput;
const nothing = { stdout: "", record: null } as Partial<StageOutput> as StageOutput;

describe("observed runs", () => {
  it("are those of binaries of which the reference told something", () => {
    expect(observedBinaries(binaries, names)).toEqual([{ exe: "debug/deps/own-1" }]);
  });

  it("are two of each, the second of right sides, after the first", () => {
    const test = { exe: "debug/deps/own-1", cwd: "own", spawns: false, env: { A: "1" }, args: ["-q"], record: null, turn: 0 };
    expect(observedRuns(test, names)).toMatchObject([
      { args: ["-q", "xm_tests::"], record: "xrecord", env: { A: "1" }, turn: 0 },
      { args: ["-q", "xm_tests::"], record: "xrecord", env: { A: "1", XRIGHT: "1" }, turn: 1 },
    ]);
  });

  it("are held against the reference of their own binary", () => {
    const observed = observedBinaries(binaries, names);
    expect(referenceDifferences(observed, [run("5"), nothing], names)).toEqual([]);
    expect(referenceDifferences(observed, [run("6"), nothing], names)).toEqual([{ key: KEY, expected: "5", seen: "6" }]);
  });

  it("that never took place differ in everything", () => {
    expect(referenceDifferences(observedBinaries(binaries, names), [null, null], names)).toEqual([{ key: KEY, expected: "5", seen: null }]);
  });
});
