// What JSON with a slip is read as, and where JSON with a fault is said to break.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTolerantJson } from "../../../../src/core/text/tolerant-json.ts";
import { anyText } from "../../any-text.ts";

const read = (text: string, start = 0) => readTolerantJson(text, start);

describe("a value", () => {
  it("is what JSON.parse makes of it, to its end, for all that is JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(anyText(), fc.jsonValue({ maxDepth: 5 }), { noNullPrototype: true }), fc.constantFrom(0, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(read(`${text} and more`)).toEqual({ ok: true, value: JSON.parse(text), end: text.length, slips: new Set() });
      }),
      { numRuns: 500 },
    );
  });
  it("may have commas before closing brackets", () => {
    expect(read('{"a":[1,2,],}')).toEqual({ ok: true, value: { a: [1, 2] }, end: 13, slips: new Set(["a trailing comma"]) });
  });
  it("may have raw line breaks and tabs in its texts", () => {
    expect(read('{"a":"x\n\ty\r\n"}')).toMatchObject({ ok: true, value: { a: "x\n\ty\r\n" }, slips: new Set(["a raw line break in a text"]) });
  });
  it("begins where it is said to", () => expect(read('see {"a":1}', 4)).toMatchObject({ ok: true, value: { a: 1 }, end: 11 }));
  it("has own members only, whatever they are called", () => {
    const found = read('{"__proto__":{"a":1}}');
    expect(found.ok && Object.hasOwn(found.value as object, "__proto__")).toBe(true);
  });
});

describe("a fault", () => {
  it.each([
    ['{"a":1 "b":2}', 7, '"," or "}"'],
    ['{"a":[1 2]}', 8, '"," or "]"'],
    ['{"a" 1}', 5, '":"'],
    ['{"a":}', 5, "a value"],
    ['{"a":1,,}', 7, "a name in quotes"],
    ["{a:1}", 1, "a name in quotes"],
    ['{"a":"x', 7, "closing quote"],
    ['{"a":"x\u0000"}', 7, "closing quote"],
    ['{"a":"\\d"}', 6, "an escape"],
    ['{"a":"\\u12"}', 6, "an escape"],
    ['{"a":01}', 6, '"," or "}"'],
    ["{,}", 1, "a name in quotes"],
    ['{"a":[,]}', 6, "a value"],
  ])("of %s is at %i", (text, at, expected) => {
    const found = read(text);
    expect(found).toMatchObject({ ok: false, at });
    expect(!found.ok && found.expected).toContain(expected);
  });
  it("tells whether a member had begun", () => {
    expect(read('{"a":')).toMatchObject({ ok: false, began: true });
    expect(read('{"a"')).toMatchObject({ ok: false, began: false });
    expect(read("{ b(); }")).toMatchObject({ ok: false, began: false });
  });
  it("is what is nested deeper than any answer", () => expect(read(`${'{"a":'.repeat(5000)}1`)).toMatchObject({ ok: false, expected: "no deeper value" }));
  it("comes for any text, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", "1", "e", "u", "\n", "true"), maxLength: 60 }), (text) => {
        const found = read(`{${text}`);
        expect(found.ok ? found.end : found.at).toBeLessThanOrEqual(text.length + 1);
      }),
      { numRuns: 2000 },
    );
  });
});
