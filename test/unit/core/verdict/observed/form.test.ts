import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { observedForm } from "../../../../../src/core/verdict/observed/form.ts";
import { observedPrelude } from "../../../../../src/core/verdict/observed/prelude.ts";

const NAMES = { module: "m", record: "r", right: "R" };
const prelude = `${observedPrelude(NAMES)} `;
/** The observed form without its prelude. */
const form = (source: string, ...plain: number[]) => observedForm(source, NAMES, new Set(plain))?.replace(prelude, "");

describe("the observed form", () => {
  it("is told by one line behind inner attributes and documentation", () => {
    expect(observedPrelude(NAMES)).not.toContain("\n");
    expect(observedForm("#![allow(dead_code)]\n//! About.\n\nuse a;\n", NAMES, new Set())).toBe(`#![allow(dead_code)]\n//! About.\n\n${prelude}use a;\n`);
  });

  it("leaves assert_eq and assert_ne to the prelude's macros, also by a longer path", () => {
    expect(form("assert_eq!(f(1), 2);")).toBe("assert_eq!(f(1), 2);");
    expect(form("std::assert_eq!(a, b); ::core::assert_ne!(a, b);")).toBe("assert_eq!(a, b); assert_ne!(a, b);");
  });

  it("sees both sides of a bare comparison", () => {
    expect(form('assert!(f(x, 1) == g[2], "{}", 1);')).toBe("m_both!(==, f(x, 1) , g[2]);");
    expect(form("assert!(a != b);")).toBe("m_both!(!=, a , b);");
  });

  it.each([
    "assert!(a <= b);",
    "assert!(a == b && c == d);",
    "assert!(v.iter().any(|x| *x == 1));",
    "assert!(f(a == b));",
    "assert!(!(a != b));",
    "assert!(if a == b { c } else { d });",
  ])("tells the bit of %s", (source) => {
    expect(form(source)).toBe(source);
  });

  it("sees what is matched", () => {
    expect(form('assert!(matches!(f(), Some(1) | None), "no");')).toBe("m_matches!(f(), Some(1) | None);");
    expect(form("assert_matches!(f(), Ok(_));")).toBe("m_matches!(f(), Ok(_));");
    expect(form("assert!(matches!(a, B) || c);")).toBe("assert!(matches!(a, B) || c);");
  });

  it("leaves in its apart kind what is expected to the compiler's eyes alone, whichever side it stands on", () => {
    const apart = (source: string) => observedForm(source, NAMES, new Set(), "apart")?.replace(`${observedPrelude(NAMES, "apart")} `, "");
    expect(observedPrelude(NAMES, "apart")).not.toContain("\n");
    expect(apart("assert_eq!(f(1), 2);")).toBe("assert_eq!(f(1), 2);");
    expect(apart("assert_eq!(2, f(1));")).toBe("m_turned!(2, f(1));");
    expect(apart('assert_eq!(Some("a".to_string()), v.iter().next(), "{}", g(1));')).toBe('m_turned!(Some("a".to_string()), v.iter().next(), "{}", g(1));');
    expect(apart("assert_ne!(Point { x: 1 }, Point::new(1));")).toBe("assert_ne!(Point { x: 1 }, Point::new(1));");
    expect(form("assert_eq!(2, f(1));")).toBe("assert_eq!(2, f(1));");
  });

  it("gives inline modules the way to the prelude's functions", () => {
    expect(form("mod a {\n    #![allow(unused)]\n    mod b { fn f() {} }\n}\nmod c;")).toBe(
      "mod a {\n    #![allow(unused)]\n     #[allow(unused_imports)] use super::m; mod b {  #[allow(unused_imports)] use super::m; fn f() {} }\n}\nmod c;",
    );
  });

  it("takes out imports that would hide its macros", () => {
    expect(form("use pretty_assertions::assert_eq;\nuse a::{b, assert_ne, c};\nuse d;")).toBe("\nuse a::{b,  c};\nuse d;");
  });

  it("tells only the bit where a line does not compile otherwise", () => {
    expect(form("assert_eq!(a, b);\nassert!(c == d);", 1, 2)).toBe("m_bit_eq!(a, b);\nassert!(c == d);");
  });

  it("leaves text in strings and comments alone", () => {
    const source = 'let s = "assert!(a == b)"; // assert!(a == b)\n';
    expect(form(source)).toBe(source);
  });

  it("is null for a file whose delimiters do not pair", () => {
    expect(observedForm("fn f() {", NAMES, new Set())).toBeNull();
  });

  it("moves no line, whatever the file", () => {
    const piece = fc.constantFrom(
      "assert!(a == b, 1);",
      "assert!(matches!(x, Y));\n",
      "mod m {",
      "}",
      "\n",
      "use p::{assert_eq};\n",
      "fn f() {",
      "assert_eq!(\n1,\n2);",
      "//! d\n",
      "/* \n */",
      '"\n"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const source = pieces.join("");
        const observed = observedForm(source, NAMES, new Set());
        if (observed !== null) expect(observed.split("\n").length).toBe(source.split("\n").length);
      }),
      { numRuns: 500, seed: 12 },
    );
  });
});
