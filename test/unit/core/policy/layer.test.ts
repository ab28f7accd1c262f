// Layers of written tables: what merges, what is replaced, where each value comes from, and what is no table of a policy.
import { describe, expect, it } from "vitest";
import {
  holds,
  keyText,
  type PolicyLayer,
  leavesOf,
  mergeTables,
  originsOf,
  placeOf,
  readLayer,
  readTable,
  type Table,
} from "../../../../src/core/policy/layer.ts";

const layer = (name: PolicyLayer["name"], table: Table, line = 1): PolicyLayer => ({ name, path: `${name}.toml`, table, locate: () => ({ line, column: 7 }) });
const faultOf = (text: string): string => {
  const read = readTable({ path: "p.toml", text });
  return read.ok ? "" : read.issues.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`).join("\n");
};
/** Tables in tables, so many levels of them. */
const nested = (levels: number): string => `x = ${"{ a = ".repeat(levels - 1)}1${" }".repeat(levels - 1)}\n`;

describe("tables", () => {
  it("merge, and everything else is replaced", () =>
    expect(mergeTables({ a: { b: 1, c: 2 }, d: [1, 2], e: { f: 1 }, g: 3 }, { a: { c: 3 }, d: [4], e: 5, g: { h: 1 } })).toEqual({
      a: { b: 1, c: 3 },
      d: [4],
      e: 5,
      g: { h: 1 },
    }));
  it("of one meaning are replaced whole, and only where they stand", () => {
    const below = { reflex: { rollout: { stage: "canary", percent: 5 }, max_attempts: 2 }, rollout: { a: 1 } };
    expect(mergeTables(below, { reflex: { rollout: { stage: "on" } }, rollout: { b: 2 } })).toEqual({
      reflex: { rollout: { stage: "on" }, max_attempts: 2 },
      rollout: { a: 1, b: 2 },
    });
  });
  it("do not merge with what every object has", () => expect(mergeTables({}, { constructor: { a: 1 } })).toEqual({ constructor: { a: 1 } }));

  it("have leaves: lists and empty tables among them", () =>
    expect(leavesOf({ a: { b: 1, c: [{ d: 2 }] }, e: {}, f: null })).toEqual([
      { key: ["a", "b"], value: 1 },
      { key: ["a", "c"], value: [{ d: 2 }] },
      { key: ["e"], value: {} },
      { key: ["f"], value: null },
    ]));

  it("hold a key path only where each part is their own", () => {
    expect(holds({ a: { b: null } }, ["a", "b"])).toBe(true);
    expect(holds({ a: [{ b: 1 }] }, ["a", 0, "b"])).toBe(true);
    expect(holds({}, [])).toBe(true);
    for (const [value, key] of [
      [{ a: 1 }, ["b"]],
      [{ a: 1 }, ["a", "b"]],
      [{ a: null }, ["a", "b"]],
      [{}, ["constructor"]],
      [null, ["a"]],
    ] as const)
      expect(holds(value, key)).toBe(false);
  });
});

it("a key path is written as TOML writes it", () => expect(keyText(["a-b_1", "gpt-5.2", 0, 'q"'])).toBe('a-b_1."gpt-5.2".0."q\\""'));

describe("a text", () => {
  it("is a layer, with a place for each key", () => {
    const read = readLayer("spec", { path: "s.toml", text: "format = 2\n[reflex]\nmax_attempts = 1\n" });
    if (!read.ok) throw new Error("not read");
    expect(read.value).toMatchObject({ name: "spec", path: "s.toml", table: { format: 2, reflex: { max_attempts: 1 } } });
    expect(read.value.locate(["reflex", "max_attempts"])).toEqual({ line: 3, column: 1 });
    expect(read.value.locate(["format"])).toEqual({ line: 1, column: 1 });
  });
  it("may be as large as a policy may be, and no larger", () => {
    expect(faultOf(`#${"x".repeat(299_999)}`)).toBe("");
    expect(faultOf(`#${"x".repeat(300_000)}`)).toMatch(/^p\.toml:1:1: larger than 300,000 characters/);
  });
  it("may be nested so deep, and no deeper", () => {
    expect(faultOf(nested(20))).toBe("");
    expect(faultOf(nested(21))).toBe("p.toml:1:13: nested deeper than 20 levels: flatten it");
  });
  it("has no reserved name at any depth, and the place is that of the name", () => {
    expect(faultOf('a = 1\n[b]\nc = [{ "__proto__" = 1 }]\n')).toMatch(/^p\.toml:3:\d+: __proto__ is no key: remove it$/);
    expect(faultOf("a = 1\n\n[x.__proto__]\nb = 1\n")).toMatch(/^p\.toml:3:\d+: __proto__ is no key/);
  });
  it("may hold days and times, which are no tables", () => expect(readTable({ path: "p", text: "a = 1979-05-27T07:32:00Z\n" }).ok).toBe(true));
});

describe("where a value comes from", () => {
  const stack = [layer("defaults", { a: 1, b: 1, c: 1 }, 9), layer("workspace", { a: 2, b: 2 }, 2), layer("spec", { a: 3, d: { e: 1 } }, 3)];

  it("is the uppermost layer that says it", () =>
    expect(originsOf(stack, { a: 3, b: 2, c: 1, d: { e: 1 }, f: 0 })).toEqual({ a: "spec", b: "workspace", c: "defaults", "d.e": "spec", f: "defaults" }));

  it("is a place in the uppermost text that says it, and in the workspace's where none does", () => {
    expect(placeOf(stack, ["a"])).toEqual({ path: "spec.toml", line: 3, column: 7 });
    expect(placeOf(stack, ["b"])).toEqual({ path: "workspace.toml", line: 2, column: 7 });
    expect(placeOf(stack, ["c"])).toEqual({ path: "workspace.toml", line: 2, column: 7 });
    expect(placeOf(stack, ["nowhere"])).toEqual({ path: "workspace.toml", line: 2, column: 7 });
    expect(placeOf([layer("defaults", { a: 1 })], ["a"])).toEqual({ path: "", line: 1, column: 1 });
  });
});
