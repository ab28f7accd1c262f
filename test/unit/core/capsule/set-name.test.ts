// How several runs are named as one, and read back.
import { describe, expect, it } from "vitest";
import { namedRuns, setName } from "../../../../src/core/capsule/set-name.ts";

describe("several runs", () => {
  it.each([[["run-1"]], [["run-1", "2026-11-22T10-00-00Z-a1b2c3"]], [["capsules/run-1.capsule.jsonl", "run-2", "../run 3.jsonl"]]])(
    "%j are named as one, and read back",
    (runs) => expect(namedRuns(setName(runs))).toEqual(runs),
  );
  it("are named with a plus between them", () => expect(setName(["run-1", "run-2"])).toBe("run-1+run-2"));
  it("are one where a part is no run: a file's name may hold a plus", () => {
    expect(namedRuns("folder/a+b.capsule.jsonl")).toEqual(["folder/a+b.capsule.jsonl"]);
    expect(namedRuns("run-1+not a run")).toEqual(["run-1+not a run"]);
    expect(namedRuns("a/b+run-1")).toEqual(["a/b+run-1"]);
  });
});
