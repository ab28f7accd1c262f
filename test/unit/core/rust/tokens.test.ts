// Tests of the Rust lexer and its delimiter matching.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchDelimiters } from "../../../../src/core/rust/code.ts";
import { tokenize } from "../../../../src/core/rust/tokens.ts";
import { rustish } from "../verdict/rustish.ts";
import { anyText } from "../../any-text.ts";

function kinds(source: string): string[] {
  return tokenize(source).map(({ kind, start, end }) => `${kind} ${source.slice(start, end)}`);
}

describe("tokenize", () => {
  it.each([
    ["a nested block comment", "/* a /* b */ c */ x", ["comment /* a /* b */ c */", "ident x"]],
    ["a line comment without line end", "x // y", ["ident x", "comment // y"]],
    ["doc comments", "/// a\n//! b\n/** c */", ["comment /// a", "comment //! b", "comment /** c */"]],
    ["an unterminated block comment", "/* a /* b */", ["comment /* a /* b */"]],
    ["an escaped quote", String.raw`"a\"b" c`, [String.raw`string "a\"b"`, "ident c"]],
    ["an escaped backslash before the closing quote", String.raw`"a\\" c`, [String.raw`string "a\\"`, "ident c"]],
    ["a comment mark in a string", '"// no" x', ['string "// no"', "ident x"]],
    ["a raw string with quotes", 'r#"a"b"# x', ['string r#"a"b"#', "ident x"]],
    ["a raw string without hashes", 'r"a\\" x', ['string r"a\\"', "ident x"]],
    ["a raw string with inner hashes", 'r##"a"#b"## x', ['string r##"a"#b"##', "ident x"]],
    ["byte and C strings", 'b"a" c"b" br#"c"# cr"d"', ['string b"a"', 'string c"b"', 'string br#"c"#', 'string cr"d"']],
    ["an unterminated string", '"abc', ['string "abc']],
    ["a raw identifier", "r#fn r#x", ["ident r#fn", "ident r#x"]],
    ["a name that ends in r before a string", 'for"x"', ["ident for", 'string "x"']],
    ["lifetimes and chars", "'a 'a' '\\'' 'static", ["lifetime 'a", "char 'a'", "char '\\''", "lifetime 'static"]],
    ["a byte char", "b'x' b'\\n'", ["char b'x'", "char b'\\n'"]],
    ["a char beyond the basic plane", "'😀' x", ["char '😀'", "ident x"]],
    ["a unicode escape", String.raw`'\u{1F600}' x`, [String.raw`char '\u{1F600}'`, "ident x"]],
    ["a bracket in a char", "'{' '\"' x", ["char '{'", "char '\"'", "ident x"]],
    ["a lifetime before a char", "<'a,'b'>", ["punct <", "lifetime 'a", "punct ,", "char 'b'", "punct >"]],
    ["a range between integers", "1..2", ["number 1", "punct ..", "number 2"]],
    ["an inclusive range of floats", "1.0..=2.5", ["number 1.0", "punct ..=", "number 2.5"]],
    ["tuple indexes", "x.0.1", ["ident x", "punct .", "number 0", "punct .", "number 1"]],
    ["a method on an integer", "1.max(2)", ["number 1", "punct .", "ident max", "open (", "number 2", "close )"]],
    ["a trailing dot float", "1. x", ["number 1.", "ident x"]],
    ["exponents", "1e10 1.5e-3 2E+4f64", ["number 1e10", "number 1.5e-3", "number 2E+4f64"]],
    ["prefixed integers", "0xffu8 0b1_0 0o7usize", ["number 0xffu8", "number 0b1_0", "number 0o7usize"]],
    ["a hex digit e before a minus", "0xe-1", ["number 0xe", "punct -", "number 1"]],
    ["long punctuation", "a::b->c=>d", ["ident a", "punct ::", "ident b", "punct ->", "ident c", "punct =>", "ident d"]],
    ["names in other scripts", "größe 变量", ["ident größe", "ident 变量"]],
    ["a shebang line", "#!/usr/bin/env run\nfn", ["comment #!/usr/bin/env run", "ident fn"]],
    ["an inner attribute on the first line", "#![a]", ["punct #", "punct !", "open [", "ident a", "close ]"]],
    ["characters that no token starts with", "\u0000`", ["punct \u0000", "punct `"]],
    ["a raw lifetime", "'r#a x", ["lifetime 'r#a", "ident x"]],
  ])("reads %s", (_name, source, expected) => {
    expect(kinds(source)).toEqual(expected);
  });

  it("covers any input in order and without overlap, white space apart", () => {
    fc.assert(
      fc.property(fc.oneof(rustish, anyText(200)), (source) => {
        let at = 0;
        const between: string[] = [];
        const empty: number[] = [];
        for (const { start, end } of tokenize(source)) {
          between.push(source.slice(at, start));
          if (end <= start) empty.push(start);
          at = end;
        }
        expect(between.join("").replaceAll(/[\s\u0085\u200E\u200F]/g, "")).toBe("");
        expect(empty).toEqual([]);
        expect(at).toBeLessThanOrEqual(source.length);
      }),
    );
  });

  it.each(["/*", '"', "'", "r#", "((((", "]]]]({[", "#[", "0x", "1e", "b'\\", "/*/", "//", "mod a{", "#[test]fn a"])(
    "takes a long run of %s in linear time",
    (piece) => {
      const source = piece.repeat(Math.ceil(400_000 / piece.length));
      const tokens = tokenize(source);
      expect(matchDelimiters(source, tokens)).toHaveLength(tokens.length);
    },
    4000,
  );
});

describe("matchDelimiters", () => {
  function pairs(source: string): number[] {
    return [...matchDelimiters(source, tokenize(source))];
  }

  it("pairs nested delimiters", () => {
    expect(pairs("([{}])")).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it("leaves an opening one unmatched that an outer closing one cuts off", () => {
    expect(pairs("{(}")).toEqual([2, -1, 0]);
  });

  it("skips a closing one without partner", () => {
    expect(pairs("{)}")).toEqual([2, -1, 0]);
  });

  it("ignores delimiters in strings and comments", () => {
    expect(pairs('{"}"/*}*/}')).toEqual([3, -1, -1, 0]);
  });
});
