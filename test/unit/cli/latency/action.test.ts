// From the flags of `latency` to a measurement, and the lines beside its figures.
import { describe, expect, it } from "vitest";
import { latencyRequest } from "../../../../src/cli/latency/action.ts";
import { blockLine, closingLine } from "../../../../src/cli/latency/text.ts";
import type { LatencyOptions } from "../../../../src/cli/latency/flags.ts";

const options = (facts: Partial<LatencyOptions> = {}): LatencyOptions => ({
  rounds: 5,
  requests: 16,
  cold: false,
  warm: false,
  seed: 1,
  json: false,
  ...facts,
});
const requestOf = (facts: Partial<LatencyOptions> = {}) => latencyRequest(options(facts), "policy.toml", () => undefined);

describe("the flags of latency", () => {
  it("time every server, cold and warm, one caller at a time, where none is given", () => {
    expect(requestOf()).toMatchObject({
      suite: "reflex-patchloop-v1",
      policyFile: "policy.toml",
      candidates: null,
      prefixes: ["cold", "warm"],
      concurrencies: [1],
      ratesPerS: [],
      out: null,
    });
  });

  it("take rates alone as a measurement of their own", () => {
    expect(requestOf({ rate: [2] })).toMatchObject({ concurrencies: [], ratesPerS: [2] });
    expect(requestOf({ rate: [2], concurrency: [4] })).toMatchObject({ concurrencies: [4], ratesPerS: [2] });
  });

  it("take --cold and --warm together for both", () => {
    expect(requestOf({ cold: true }).prefixes).toEqual(["cold"]);
    expect(requestOf({ warm: true }).prefixes).toEqual(["warm"]);
    expect(requestOf({ cold: true, warm: true }).prefixes).toEqual(["cold", "warm"]);
  });

  it("tell of each block in one line, and of the file at the end", () => {
    const block = { name: "small, cold, 2/s", round: 2, answered: 15, failed: 1, durationMs: 8123 };
    expect(blockLine(block, 5)).toBe("[round 2/5] small, cold, 2/s: 15 answered, 1 failed, 8.1 s");
    const said: string[] = [];
    latencyRequest(options(), "p", (line) => void said.push(line)).watch(block);
    expect(said).toEqual([blockLine(block, 5)]);
    expect(closingLine("calls.jsonl")).toContain("calls.jsonl");
    expect(closingLine(null)).toContain("--out");
  });
});
