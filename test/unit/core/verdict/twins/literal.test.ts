// Another value of a literal's type: what it becomes, and which ones are left alone.
import { describe, expect, it } from "vitest";
import type { TokenKind } from "../../../../../src/core/rust/tokens.ts";
import { changeLiteral } from "../../../../../src/core/verdict/twins/literal.ts";

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
    expect(changeLiteral(kind, text)).toBe(expected);
  });
});
