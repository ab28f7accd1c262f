// Another value of a literal's type: what it becomes, and which ones are left alone.
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../../src/core/base/random.ts";
import type { TokenKind } from "../../../../../src/core/rust/tokens.ts";
import { changeLiteral } from "../../../../../src/core/verdict/twins/literal.ts";

/** Draws the first of all things. */
const FIRST: Random = { next: () => 0, int: () => 0, pick: (items) => items[0] as (typeof items)[number], shuffle: (items) => [...items] };

describe("a literal", () => {
  it.each<readonly [TokenKind, string, string | null]>([
    ["number", "0", "1"],
    ["number", "1", "0"],
    ["number", "0usize", "1usize"],
    ["number", "0o17", "14"],
    ["number", "0xF_F", "254"],
    ["number", "1_0.5_0f32", "11_0.5_0f32"],
    ["number", "2.", "12."],
    ["number", "1e3", "11e3"],
    ["number", "1E-3f64", "11E-3f64"],
    ["number", "0x_", null],
    ["number", "1e+", null],
    ["number", "12km", null],
    ["number", "9".repeat(61), `${"9".repeat(60)}8`],
    ["number", "9".repeat(62), null],
    ["string", '"a"', '"ax"'],
    ["string", '""', '"x"'],
    ["string", 'r##"a"#b"##', 'r##"a"#bx"##'],
    ["string", 'c"a"', 'c"ax"'],
    ["string", '"', null],
    ["string", 'b"xa"', 'b"ya"'],
    ["string", 'b"ax"', 'b"xx"'],
    ["string", 'b""', null],
    ["string", String.raw`b"\n"`, null],
    ["string", 'br"a"', 'br"x"'],
    ["char", "'x'", "'y'"],
    ["char", "'a'", "'x'"],
    ["char", "b'x'", "b'y'"],
    ["char", "b'a'", "b'x'"],
    ["char", "'b'", "'x'"],
    ["ident", "true", "false"],
    ["ident", "false", "true"],
    ["ident", "truth", null],
    ["punct", "true", null],
  ])("of kind %s, %s, becomes %s", (kind, text, expected) => {
    expect(changeLiteral(kind, text, FIRST)).toBe(expected);
  });

  it.each<readonly [TokenKind, string, readonly string[]]>([
    ["number", "7", ["4", "5", "6"]],
    ["number", "200u8", ["190u8", "197u8", "198u8", "199u8", "201u8", "202u8", "203u8", "210u8"]],
    ["number", "127i8", ["117i8", "124i8", "125i8", "126i8"]],
    ["number", "0", ["1"]],
    ["number", "1", ["0"]],
    ["char", "'x'", ["'j'", "'k'", "'q'", "'y'", "'z'"]],
    ["string", '"a"', ["aj", "ak", "aq", "ax", "ay", "az"].map((text) => `"${text}"`)],
    ["string", 'b"k"', ["j", "q", "x", "y", "z"].map((text) => `b"${text}"`)],
    ["number", "2.5", ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => `${digit}2.5`)],
  ])("of kind %s, %s, becomes one of those that fit its type, as is drawn", (kind, text, all) => {
    const seen = new Set(Array.from({ length: 300 }, (_, seed) => changeLiteral(kind, text, createRandom(seed))));
    expect([...seen].toSorted()).toEqual(all);
  });
});
