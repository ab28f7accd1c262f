// Expectations written anew into scenario files: what changes, what stays, in any form that TOML allows.
import { describe, expect, it } from "vitest";
import { expectationsChanged, namesMoved, outcomeMoved } from "../../../../../src/core/router/golden/edit.ts";
import { readGolden } from "../../../../../src/core/router/golden/scenario.ts";
import { policyWith } from "../../../run/fakes.ts";

const TEXT = `# What it is about.
format = 1

[[scenario]]
name = "first"   # expect = "old way" is no key here
expect = "old way"   # why

[[scenario]]
expect = 'old "way"'
name = "second"

[[scenario]]
name = "third"
"expect" = """
old
way"""

[[scenario]]
name = "fourth"
expect = "another way"
`;

const change = (scenario: string, before: string, after = 'new "way" $& of it') => ({ scenario, before, after });
const edited = (text: string, changes: readonly ReturnType<typeof change>[]) => {
  const files = [{ path: "g.toml", text }];
  const { scenarios, issues } = readGolden(files);
  expect(issues).toEqual([]);
  return expectationsChanged(files, scenarios, changes);
};

describe("expectationsChanged", () => {
  it("changes the strings of the scenarios that come out otherwise, and nothing else", () => {
    const [file] = edited(TEXT, [change("first", "old way"), change("second", 'old "way"'), change("third", "old\nway")]);
    const now = String.raw`"new \"way\" $& of it"`;
    const wanted = TEXT.replace('expect = "old way"   # why', () => `expect = ${now}   # why`)
      .replace(`'old "way"'`, () => `'new "way" $& of it'`)
      .replace('"""\nold\nway"""', () => now);
    expect(file).toEqual({ path: "g.toml", text: wanted });
    const read = readGolden([{ path: "g.toml", text: file?.text ?? "" }]);
    expect(read.scenarios.map((scenario) => scenario.expect)).toEqual([...Array.from({ length: 3 }, () => 'new "way" $& of it'), "another way"]);
  });

  it("is taken back by the opposite change", () => {
    const [there] = edited(TEXT, [change("first", "old way", "new way")]);
    expect(edited(there?.text ?? "", [change("first", "new way", "old way")])).toEqual([{ path: "g.toml", text: TEXT }]);
  });

  it("leaves scenarios that were not met before, and files without a change, as they are", () => {
    expect(edited(TEXT, [change("fourth", "a third way")])).toEqual([]);
    expect(edited(TEXT, [])).toEqual([]);
  });

  it("finds inline tables and lines that end as on Windows", () => {
    const inline = 'format = 1\r\nscenario = [{ name = "a", expect = "x" }, { name = "b", expect = "x" }]\r\n';
    const [file] = edited(inline, [change("a", "x", "longer than x"), change("b", "x", "y")]);
    expect(file?.text).toBe('format = 1\r\nscenario = [{ name = "a", expect = "longer than x" }, { name = "b", expect = "y" }]\r\n');
  });
});

describe("namesMoved", () => {
  const snapshot = policyWith();
  const MOVED = `format = 1

[[scenario]]
name = "slow"   # gpt-oss-20b is a name here
health = { gpt-oss-20b = { samples = 50, p95_latency_ms = 9000 }, other = { samples = 1 } }   # measured
endpoints = { "gpt-oss-20b" = "http://127.0.0.1:1" }
expect = "gpt-oss-20b is slow"

[[scenario]]
name = "down"
breakers = { "sglang/gpt-oss-20b" = "Open", "openai/gpt-5.2" = "Open" }
expect = "sglang/gpt-oss-20b Open"
`;
  const move = { from: "gpt-oss-20b", to: "qwen3-coder-30b-a3b-gptq", snapshot };
  const moved = (which: readonly string[]): string => {
    const files = [{ path: "g.toml", text: MOVED }];
    return namesMoved(files, readGolden(files).scenarios, new Set(which), move)[0]?.text ?? "";
  };

  it("says of the model that comes what was said of the one that leaves, and leaves the rest as it is written", () => {
    expect(moved(["down"])).toBe(MOVED.replace('breakers = { "sglang/gpt-oss-20b"', 'breakers = { "vllm/qwen3-coder-30b-a3b-gptq"'));
    const { scenarios, issues } = readGolden([{ path: "g.toml", text: moved(["slow"]) }]);
    expect(issues).toEqual([]);
    const [slow, down] = scenarios.map(({ written }) => written);
    expect(Object.keys(slow?.health ?? {})).toEqual(["qwen3-coder-30b-a3b-gptq", "other"]);
    expect(slow?.endpoints).toEqual({ "qwen3-coder-30b-a3b-gptq": "http://127.0.0.1:1" });
    expect(Object.keys(down?.breakers ?? {})).toEqual(["sglang/gpt-oss-20b", "openai/gpt-5.2"]);
  });

  it("changes no scenario that was not asked for", () => {
    expect(moved([])).toBe(MOVED);
  });

  it("moves whole names alone in a decision's words", () => {
    expect(outcomeMoved("not gpt-oss-20b (Slow), not gpt-oss-20b-x; given sglang/gpt-oss-20b Open", move)).toBe(
      "not qwen3-coder-30b-a3b-gptq (Slow), not gpt-oss-20b-x; given vllm/qwen3-coder-30b-a3b-gptq Open",
    );
  });
});
