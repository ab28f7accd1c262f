import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FormOptions, looksIntoParts } from "../../../../../src/core/verdict/observed/assertions.ts";
import { observedForm, observedOffset, preludeLine, withObservedForm } from "../../../../../src/core/verdict/observed/form.ts";
import { observedPrelude } from "../../../../../src/core/verdict/observed/prelude.ts";

const NAMES = { module: "m", record: "r", right: "R" };
const how = (more: Partial<FormOptions> = {}): FormOptions => ({ kind: "beside", plain: new Set(), whole: new Set(), derived: new Set(), ...more });
const prelude = `${observedPrelude(NAMES)} `;
/** The observed form without its prelude. */
const form = (source: string, ...plain: number[]) => {
  const parts = observedForm(source, NAMES, how({ plain: new Set(plain) }))?.split(prelude);
  expect(parts?.length).toBe(2);
  return parts?.join("");
};

describe("the observed form", () => {
  it("is told by one line behind inner attributes and documentation", () => {
    expect(observedPrelude(NAMES)).not.toContain("\n");
    expect(observedForm("#![allow(dead_code)]\n//! About.\n\nuse a;\n", NAMES, how())).toBe(`#![allow(dead_code)]\n//! About.\n\n${prelude}use a;\n`);
  });

  it.each([
    [
      "beside",
      ["m_parts", "assert_eq", "assert_ne", "debug_assert_eq", "debug_assert_ne", "assert", "debug_assert", "m_both", "m_matches", "m_bit_eq", "m_bit_ne"],
    ],
    [
      "apart",
      [
        "m_parts",
        "assert_eq",
        "assert_ne",
        "debug_assert_eq",
        "debug_assert_ne",
        "m_turned",
        "assert",
        "debug_assert",
        "m_both",
        "m_matches",
        "m_bit_eq",
        "m_bit_ne",
      ],
    ],
  ] as const)("defines every macro that it calls, in its kind %s", (kind, names) => {
    const text = observedPrelude(NAMES, kind);
    expect([...text.matchAll(/macro_rules! (\w+) \{ \(/g)].map(([, name]) => name)).toEqual(names);
    expect(text).not.toContain("MODULE");
    for (const [open, close] of ["{}", "()"]) expect(text.split(open as string).length).toBe(text.split(close as string).length);
  });

  it("leaves assert_eq and assert_ne to the prelude's macros, also by a longer path", () => {
    expect(form("assert_eq!(f(1), 2);")).toBe("assert_eq!(f(1), 2);");
    expect(form("std::assert_eq!(a, b); ::core::assert_ne!(a, b);")).toBe("assert_eq!(a, b); assert_ne!(a, b);");
  });

  it("looks into a value whose other side spells one out, where its type has no say in that", () => {
    const derived = new Set(["P"]);
    const looking = (source: string, more: Partial<FormOptions> = {}) =>
      observedForm(source, NAMES, how({ derived, ...more }))?.replace(`${observedPrelude(NAMES, more.kind)} `, "");
    expect(looking("assert_eq!(f(1), P { x: 1 });")).toBe("assert_eq!(m_parts!(left, P { x: m_0 } => m_0; f(1)), P { x: 1 });");
    expect(looking('assert_eq!(P(1, 2), f(1), "{}", 1);')).toBe('assert_eq!(P(1, 2), m_parts!(right, P(m_0, m_1) => m_0 m_1; f(1)), "{}", 1);');
    expect(looking("assert_eq!(f(), [P(1)]);")).toBe("assert_eq!(m_parts!(@list left, [P(m_0)] => m_0; f()), [P(1)]);");
    expect(looking("assert!(f()==P(1), 2);")).toBe("m_both!(==, m_parts!(left, P(m_0) => m_0; f()),P(1));");
    expect(looking("assert_eq!(P(1), f(1));", { kind: "apart" })).toBe("m_turned!(P(1), m_parts!(right, P(m_0) => m_0; f(1)));");
    for (const source of ["assert_ne!(f(1), P(1));", "assert_eq!(f(1), Q(1));", "assert!(f() != P(1));", "assert_eq!(f(1), P::new(1));"])
      expect(looking(source)).not.toContain("m_parts");
    // A value that is spelled out is what is expected, whatever it calls.
    expect(looking("assert_eq!(one, P { x: f(1) });", { kind: "apart" })).toBe("assert_eq!(m_parts!(left, P { x: m_0 } => m_0; one), P { x: f(1) });");
    expect(looking("assert_eq!(P(f(1)), one);", { kind: "apart" })).toBe("m_turned!(P(f(1)), m_parts!(right, P(m_0) => m_0; one));");
    expect(looking("assert_eq!(P(1), f::<u8, u16>(1));")).toBe("assert_eq!(P(1), m_parts!(right, P(m_0) => m_0; f::<u8, u16>(1)));");
    // Where it does not compile, the value is seen as a whole.
    expect(looking("assert_eq!(\n  f(1),\n  P(1)\n);", { whole: new Set([2]) })).toBe("assert_eq!(\n  f(1),\n  P(1)\n);");
    expect(looking("assert_eq!(f(1), P(1));", { plain: new Set([1]) })).toBe("m_bit_eq!(f(1), P(1));");
    expect(looksIntoParts("assert_eq!(m_parts!(left, P(m_0) => m_0; f(1)), P(1));", NAMES)).toBe(true);
    expect(looksIntoParts("assert_eq!(f(1), P(1));", NAMES)).toBe(false);
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
    const apart = (source: string) => observedForm(source, NAMES, how({ kind: "apart" }))?.replace(`${observedPrelude(NAMES, "apart")} `, "");
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
    expect(observedForm("fn f() {", NAMES, how())).toBeNull();
  });

  it("keeps a comparison whole where it is no bare one, and sees one behind other signs", () => {
    for (const source of [
      "assert!(a == b == c);",
      "assert!(a >= b);",
      "assert!(a = = b);",
      "assert!(return a == b);",
      "assert!(a, b == c);",
      "assert!(f(a, b == c));",
      "assert!(a == &b);",
    ])
      expect(form(source)).toBe(source);
    expect(form("assert!(*a == -b);")).toBe("m_both!(==, *a , -b);");
    expect(form("assert!(a == b,);")).toBe("m_both!(==, a , b);");
    expect(form("debug_assert!(a == f(|x| x == 1));")).toBe("m_both!(==, a , f(|x| x == 1));");
  });

  it.each([
    "a & b == c",
    "a | b == c",
    "return a == b",
    "break a == b",
    "if a == b {}",
    "match a { b => c } == d",
    "while a == b {}",
    "for a in b == c {}",
    "move || a == b",
    "a => b == c",
  ])("leaves %s, which is more than a comparison", (condition) => {
    expect(form(`assert!(${condition});`)).toBe(`assert!(${condition});`);
  });

  it("counts lines from the first one on", () => {
    expect(form("\nassert_eq!(a, b);", 2)).toBe("\nm_bit_eq!(a, b);");
    expect(form("\nassert_eq!(a, b);", 1)).toBe("\nassert_eq!(a, b);");
  });

  it("sees what is matched by a plain assertion alone, by its longer name, and without its message", () => {
    expect(form('debug_assert_matches!(f(), Ok(_), "no");')).toBe('m_matches!(f(), Ok(_), "no");');
    expect(form("assert!(matches!(a, B),);")).toBe("m_matches!(a, B);");
    expect(form("assert!(x.matches!(a, B));")).toBe("assert!(x.matches!(a, B));");
    expect(form("assert_matches!(f(), Ok(_));\nassert!(matches!(a, B));", 1, 2)).toBe("m_matches!(f(), Ok(_));\nassert!(matches!(a, B));");
  });

  it("counts lines for assertions that tell their bit alone, and turns none of them", () => {
    const source = "assert_ne!(a, b);\n\nassert_eq!(c, d); debug_assert_eq!(e, f);\nassert_eq!(g, h);";
    expect(form(source, 3)).toBe("assert_ne!(a, b);\n\nm_bit_eq!(c, d); m_bit_eq!(e, f);\nassert_eq!(g, h);");
    expect(form(source, 1)).toBe("m_bit_ne!(a, b);\n\nassert_eq!(c, d); debug_assert_eq!(e, f);\nassert_eq!(g, h);");
    const apart = observedForm("assert_eq!(2, f(1));", NAMES, how({ plain: new Set([1]), kind: "apart" }));
    expect(apart).toContain("m_bit_eq!(2, f(1));");
  });

  it("takes paths before an assertion away, however long, and no others", () => {
    expect(form("a::b::assert_eq!(c, d); ::assert!(e); x.y!(assert_eq);")).toBe("assert_eq!(c, d); assert!(e); x.y!(assert_eq);");
    expect(form("crate::f!(assert_eq!(a, b));")).toBe("crate::f!(assert_eq!(a, b));");
    expect(form("assert_eq != a; assert; my_assert!(a == b);")).toBe("assert_eq != a; assert; my_assert!(a == b);");
  });

  it("takes imports of assertions out in whatever list they stand, and leaves the others", () => {
    expect(form("use p::{assert_eq, assert_ne};use a::b;")).toBe("use p::{ };use a::b;");
    expect(form("use p::{a, assert_eq};\nlet assert_eq = 1;")).toBe("use p::{a, };\nlet assert_eq = 1;");
    expect(form("use p::assert_eq")).toBe("use p::");
  });

  it("stands behind all inner attributes, and gives way in inline modules alone", () => {
    expect(observedForm("#![a]\n#![b(c)]\n#[d] fn e() {}", NAMES, how())).toBe(`#![a]\n#![b(c)]\n${prelude}#[d] fn e() {}`);
    expect(observedForm("# ![a]", NAMES, how())).not.toBeNull();
    expect(form("mod a { #![b] #![c] fn d() {} }")).toBe("mod a { #![b] #![c]  #[allow(unused_imports)] use super::m; fn d() {} }");
    expect(form("fn f() { m!(mod a {}) }\nmod b {}")).toBe("fn f() { m!(mod a {}) }\nmod b { #[allow(unused_imports)] use super::m; }");
    expect(form("struct S { r#mod: u8 } mod c;")).toBe("struct S { r#mod: u8 } mod c;");
  });

  it("finds in its apart kind the side that is calculated, and takes what only makes a value for an expected one", () => {
    const apart = (source: string) => observedForm(source, NAMES, how({ kind: "apart" }))?.replace(`${observedPrelude(NAMES, "apart")} `, "");
    const turned = (expected: string) => apart(`assert_eq!(${expected}, f(1));`)?.startsWith("m_turned!");
    for (const expected of [
      "2",
      "Some(1)",
      "from(1)",
      "from_str(1)",
      "x.to_vec()",
      "x.into()",
      "a.unwrap()",
      "[1, 2]",
      "(1, 2)",
      "vec![1, 2]",
      "new_x(1)",
      "new(1)",
    ])
      expect([expected, turned(expected)]).toEqual([expected, true]);
    for (const expected of ["g(1)", "fromage(1)", "newer(1)", "x.into_iter()", "x.unwrapped()", "(1, g(2))"])
      expect([expected, turned(expected)]).toEqual([expected, false]);
    expect(apart("assert_eq!(1, 2);")).toBe("assert_eq!(1, 2);");
    expect(apart("debug_assert_ne!(1, f(2),);")).toBe("m_turned!(1, f(2),);");
    expect(apart("assert_eq!(1);")).toBe("assert_eq!(1);");
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
        const observed = observedForm(source, NAMES, how());
        if (observed !== null) expect(observed.split("\n").length).toBe(source.split("\n").length);
      }),
      { numRuns: 500, seed: 12 },
    );
  });
});

describe("a hidden file with its observed form behind it", () => {
  const observed = (original: string, source = "fn f() {}") => withObservedForm(source, original, NAMES, how())?.replace(prelude, "");

  it("is the file, and the observed form of its original in a module of its own", () => {
    expect(observed("assert!(a == b);")).toBe("fn f() {}\n#[allow(unused, clippy::all)] mod m_tests { m_both!(==, a , b);\n}\n");
    expect(withObservedForm("", "assert_eq!(a, b);", NAMES, how({ plain: new Set([1]), kind: "apart" }))).toContain("m_bit_eq!(a, b);");
  });

  it("leads out of the file by one module more, and within it by as many as before", () => {
    const within = (original: string) => /mod m_tests \{ (.*)\n\}\n$/s.exec(observed(original) ?? "")?.[1];
    expect(within("use super::a;")).toBe("use super::super::a;");
    expect(within("use super::super::a;")).toBe("use super::super::super::a;");
    expect(within("mod b { mod d { use super::super::super::a; use super::super::c; } }")).toContain("use super::super::super::super::a; use super::super::c;");
    expect(within("mod b { use super::a; use super::super::c; }")).toContain("use super::a; use super::super::super::c; }");
    expect(within("mod b { mod d { use super::super::a; } } use super::e;")).toContain("use super::super::a; } } use super::super::e;");
    expect(within("use self::super::a; use crate::b; f(super::c);")).toBe("use self::super::a; use crate::b; f(super::super::c);");
  });

  it.each(["fn f() {", "mod b { mod other; }"])("can't be where it holds %j", (original) => {
    expect(observed(original)).toBeUndefined();
    expect(withObservedForm("", original, NAMES, how())).toBeNull();
  });

  describe("with crates and modules in other files", () => {
    const original = `#![allow(unused)]
/// About it.
#[macro_use] extern crate a;
extern crate b as c;
#[cfg(unix)]
#[path = "x/y.rs"]
pub(crate) mod other;
const N: [u8; 1] = [1];
#[macro_use]
mod
  macros;
fn f() { extern crate d; }
mod inner { extern crate e; }`;
    it("uses the file's own", () => {
      const within = /mod m_tests \{ (.*)\n\}\n$/s.exec(observed(original) ?? "")?.[1];
      expect(within).toBe(`#![allow(unused)]
/// About it.
 extern crate a;
extern crate b as c;
#[cfg(unix)]

use super::other;
const N: [u8; 1] = [1];

use super::macros;

fn f() { extern crate d; }
mod inner {  #[allow(unused_imports)] use super::m; extern crate e; }`);
    });
    it("moves no line, however they are written, and declares no module again", () => {
      const piece = fc.constantFrom(
        "mod a;",
        "pub(crate)\nmod\nb;\n",
        '#[path = "x"]\n',
        "#[cfg(\nc)]",
        "#[macro_use]",
        "/// d\n",
        "extern crate\nd;",
        "fn f() {}",
        "struct S;",
        "\n",
        "m! { mod e; }",
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
          const source = pieces.join(" ");
          for (const kind of ["beside", "apart"] as const) {
            const text = withObservedForm("own", source, NAMES, how({ kind })) ?? "";
            const start = observedOffset(text, NAMES) ?? -1;
            const copy = text.split("\n").slice(start).join("\n");
            expect(start).toBe(1);
            expect(copy.split("\n").length).toBe(source.split("\n").length + 2);
            expect(copy).not.toMatch(/mod\s+[ab];/);
          }
        }),
        { numRuns: 500, seed: 31 },
      );
    });
    it("has them before it where the file is left out, on one line and each by itself", () => {
      const text = withObservedForm("", original, NAMES, how({ kind: "apart" })) ?? "";
      const [before, ...rest] = text.split("\n");
      expect(before).toBe(
        '# [ macro_use ] extern crate a ; extern crate b as c ; # [ cfg ( unix ) ] # [ path = "x/y.rs" ] pub ( crate ) mod other ; # [ macro_use ] mod macros ;',
      );
      expect(rest[0]).toMatch(/^#\[allow\(unused, clippy::all\)\] mod m_tests/);
      expect(observedOffset(text, NAMES)).toBe(1);
    });
  });

  it("tells the line of its own macros, behind what has to stand first", () => {
    const original = "#![allow(unused)]\n//! About.\nuse super::a;";
    expect(preludeLine(withObservedForm("fn f() {}", original, NAMES, how()) ?? "", NAMES)).toBe(4);
    expect(preludeLine(original, NAMES)).toBeNull();
  });

  it("tells the line before its form; a file without one has none", () => {
    expect(observedOffset(withObservedForm("a\nb", "c", NAMES, how()) ?? "", NAMES)).toBe(2);
    expect(observedOffset(withObservedForm("", "c", NAMES, how()) ?? "", NAMES)).toBe(1);
    expect(observedOffset("a\nb", NAMES)).toBeNull();
    expect(observedOffset(withObservedForm("a", "c", NAMES, how()) ?? "", { ...NAMES, module: "n" })).toBeNull();
  });
});
