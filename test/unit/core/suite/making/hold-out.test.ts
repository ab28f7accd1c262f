// Taking tests out of a file: what stays, what goes, and where rustc finds it.
import { describe, expect, it } from "vitest";
import { holdOut, type HoldOutRequest, withoutHeldOut } from "../../../../../src/core/suite/making/hold-out.ts";
import { assertingHelpers, firstHalf } from "../../../../../src/core/suite/making/assertions.ts";
import { changedTests, isMovable, testKey, testsIn, withoutTests } from "../../../../../src/core/suite/making/source-test.ts";
import { readItems, testModules } from "../../../../../src/core/rust/items.ts";
import { readCode } from "../../../../../src/core/rust/code.ts";

const SOURCE = `pub fn one() -> u32 { 1 }

#[cfg(test)]
mod tests {
    use super::*;
    const TEXT: &str = "#[test] fn not_a_test() { }";

    /// Says why {
    #[test]
    fn keeps() { assert_eq!(one(), 1); }

    #[test]
    #[should_panic]
    fn goes() { super::one(); self::helper(); crate::one(); let x = super::super::y(); }

    fn helper() {}
}
`;

const take = (request: Partial<HoldOutRequest>) =>
  holdOut({ path: "src/a.rs", source: SOURCE, whole: new Set(), halved: new Map(), isRoot: false, isTaken: () => false, ...request });

describe("holdOut", () => {
  it("moves a test into a module file, its paths one step deeper", () => {
    const held = take({ whole: new Set(["src/a.rs#tests::goes"]) });
    expect(held?.hidden).toEqual([
      {
        path: "src/a/tests/heldout.rs",
        source: `#[allow(unused_imports)]\nuse super::*;\n\n#[test]\n    #[should_panic]\n    fn goes() { super::super::one(); super::helper(); crate::one(); let x = super::super::super::y(); }\n`,
      },
    ]);
    expect(held?.visible).not.toContain("fn goes");
    expect(held?.visible).toContain("    fn helper() {}\n#[cfg(test)]\nmod heldout;\n}\n");
    expect(held?.visible).toContain("not_a_test");
    expect(testModules(readItems(readCode(held?.visible ?? "")))).toHaveLength(1);
  });

  it.each([
    ["src/lib.rs", true, "src/tests/heldout.rs"],
    ["src/a/mod.rs", false, "src/a/tests/heldout.rs"],
    ["src/a/b.rs", false, "src/a/b/tests/heldout.rs"],
    ["src/main.rs", true, "src/tests/heldout.rs"],
  ])("a test module of %s", (path, isRoot, hidden) => {
    expect(take({ path, isRoot, whole: new Set([`${path}#tests::goes`]) })?.hidden[0]?.path).toBe(hidden);
  });

  it.each([
    ["tests/x.rs", true, "tests/x/heldout.rs", '#[path = "x/heldout.rs"]\n'],
    ["src/bin/x.rs", true, "src/bin/x/heldout.rs", '#[path = "x/heldout.rs"]\n'],
    ["src/a/tests.rs", false, "src/a/tests/heldout.rs", '#[path = "tests/heldout.rs"]\n'],
    ["src/a/mod.rs", false, "src/a/heldout.rs", ""],
  ])("tests at the top of %s", (path, isRoot, hidden, attribute) => {
    const held = holdOut({ path, source: "#[test]\nfn a() {}\n", whole: new Set([`${path}#a`]), halved: new Map(), isRoot, isTaken: () => false });
    expect(held?.hidden[0]?.path).toBe(hidden);
    expect(held?.visible).toBe(`#[cfg(test)]\n${attribute}mod heldout;\n`);
  });

  it("leaves a test that is all there is with the first half of its assertions, and hides the whole", () => {
    const source = '#[test]\nfn a() {\n    let x = 1;\n    assert_eq!(x, 1);\n    assert!(x > 0, "a; b");\n    assert_ne!(x, 2);\n}\n';
    const held = holdOut({ path: "tests/x.rs", source, whole: new Set(), halved: new Map([["tests/x.rs#a", null]]), isRoot: true, isTaken: () => false });
    expect(held?.visible).toContain('fn a() {\n    let x = 1;\n    assert_eq!(x, 1);\n    assert!(x > 0, "a; b");\n}\n');
    expect(held?.hidden[0]?.source).toContain("assert_ne!(x, 2);");
  });

  it("finds a name that the file does not have", () => {
    expect(take({ source: `${SOURCE}// heldout\n`, whole: new Set(["src/a.rs#tests::goes"]) })?.visible).toContain("mod heldout2;");
  });

  it("finds a place that no file has", () => {
    const isTaken = (path: string) => path === "src/a/tests/heldout.rs";
    expect(take({ whole: new Set(["src/a.rs#tests::goes"]), isTaken })?.hidden[0]?.path).toBe("src/a/tests/heldout2.rs");
  });

  it("can be undone in a test's identity", () => {
    expect(["a/lib/b::tests::heldout::c", "a/lib/heldout2::c", "a/test:heldout/c", "a/lib/heldout::deep::c"].map(withoutHeldOut)).toEqual([
      "a/lib/b::tests::c",
      "a/lib/c",
      "a/test:heldout/c",
      "a/lib/heldout::deep::c",
    ]);
  });

  it("gives up on a file that is not balanced", () => expect(take({ source: `${SOURCE}{` })).toBeNull());
});

describe("testsIn", () => {
  it("sees tests as items only, and none that is ignored", () => {
    expect(testsIn("p", `${SOURCE}#[test]\n#[ignore = "slow"]\nfn late() {}\n`).map(testKey)).toEqual(["p#tests::keeps", "p#tests::goes"]);
  });
});

describe("isMovable", () => {
  const among = (others: string, text = "#[test]\nfn count_ones() {}\n"): boolean => isMovable(text + others, { name: "count_ones", text });

  it("is none that another calls", () => {
    for (const call of ["count_ones();", "super::count_ones();", "self::count_ones();"]) expect(among(`#[test]\nfn b() { ${call} }\n`)).toBe(false);
  });

  it("is one that shares its name with a method or with what it tests", () => {
    expect(among("fn b() { x.count_ones(); Set::count_ones(); count_ones(1); }\nimpl Set { fn count_ones() {} }\n")).toBe(true);
  });

  it("is none that depends on where it stands", () => {
    for (const body of ['include_str!("a")', "assert_snapshot!(x)", "line!()", "mod inner {}"])
      expect(among("", `#[test]\nfn count_ones() { ${body} }\n`)).toBe(false);
  });
});

describe("changedTests", () => {
  it("goes by tokens: layout and comments are no change", () => {
    expect(changedTests("p", SOURCE, SOURCE.replace("fn keeps() { assert_eq!(one(), 1); }", "fn keeps() {\n // so\n assert_eq!( one(), 1 );\n}"))).toEqual([]);
    expect(changedTests("p", SOURCE, SOURCE.replace("one(), 1)", "one(), 2)")).map(({ name }) => name)).toEqual(["keeps"]);
    expect(changedTests("p", null, SOURCE)).toHaveLength(2);
  });
});

describe("firstHalf of a test that was there before", () => {
  const then = "#[test]\nfn a() { assert!(a); assert!(b); }";
  const half = (text: string) => firstHalf(text, new Set(["check"]), then);

  it("divides what is new, and keeps what was asserted before", () => {
    expect(half("#[test]\nfn a() { assert!(a); assert!( b ); assert!(c); assert!(d); }")).toBe("#[test]\nfn a() { assert!(a); assert!( b ); assert!(c);  }");
    expect(half("#[test]\nfn a() { check(1); assert!(a); check(2); }")).toBe("#[test]\nfn a() { check(1); assert!(a);  }");
  });

  it("takes the same words after other statements for another assertion", () => {
    const earlier = "#[test]\nfn a() { let e = f(1); check(e, 0); check(z, 0); }";
    const of = (text: string) => firstHalf(text, new Set(["check"]), earlier);
    expect(of("#[test]\nfn a() { let e = f(1); check(e, 0); let e = f(2); check(e, 0); let e = f(3); check(e, 0); check(z, 0); }")).toBe(
      "#[test]\nfn a() { let e = f(1); check(e, 0); let e = f(2); check(e, 0); let e = f(3);  check(z, 0); }",
    );
    expect(of("#[test]\nfn a() { let e = f(1); check(e, 0); let e = f(2); check(z, 0); check(y, 0); }")).toBe(
      "#[test]\nfn a() { let e = f(1); check(e, 0); let e = f(2); check(z, 0);  }",
    );
  });

  it("has nothing to divide where one assertion is new, or none", () => {
    expect(half("#[test]\nfn a() { assert!(a); assert!(c); }")).toBeNull();
    expect(half(then)).toBeNull();
  });
});

describe("assertingHelpers", () => {
  it("are functions that can end a test, by themselves or through each other; tests are none", () => {
    const source = `
fn check(s: &str) { assert_eq!(s, "a"); }
fn each(all: &[&str]) { for s in all { check(s); } }
fn read(s: &str) -> u32 { s.parse().unwrap() }
fn plain(s: &str) -> usize { s.len() }
trait Named { fn name(&self) -> String; }
#[test]
fn tests_it() { assert!(true); }
`;
    expect([...assertingHelpers(source)].toSorted()).toEqual(["check", "each", "read"]);
    expect(assertingHelpers("fn (").size).toBe(0);
  });
});

describe("firstHalf", () => {
  it("divides two assertions and more, and no test that must panic", () => {
    const half = (text: string, ...helpers: string[]) => firstHalf(text, new Set(helpers), null);
    expect(half("#[test]\nfn a() { assert!(a); assert!(b); }")).toBe("#[test]\nfn a() { assert!(a);  }");
    expect(half("#[test]\n#[should_panic]\nfn a() { assert!(a); assert!(b); }")).toBeNull();
    // Nested ones count, and those of helpers; what is part of a larger expression is none.
    expect(half("#[test]\nfn a() { assert!(a); for x in y { assert!(b); } }")).toBe("#[test]\nfn a() { assert!(a); for x in y {  } }");
    expect(half("#[test]\nfn a() { check(1); check(2); }", "check")).toBe("#[test]\nfn a() { check(1);  }");
    expect(half("#[test]\nasync fn a() { check(1).await; check(2).await?; }", "check")).toBe("#[test]\nasync fn a() { check(1).await;  }");
    expect(half("#[test]\nfn a() { assert_to_string(1); check_all(2); }")).toBe("#[test]\nfn a() { assert_to_string(1);  }");
    expect(half("#[test]\nfn a() { check::<A<u8>>(); check::<B>(); }", "check")).toBe("#[test]\nfn a() { check::<A<u8>>();  }");
    expect(half("#[test]\nfn a() { run(1); checked(2); }")).toBeNull();
    expect(half("#[test]\nfn a() { check(1); let x = check(2); }", "check")).toBeNull();
  });
});

describe("withoutTests", () => {
  it("keeps what is compiled always", () => expect(withoutTests(SOURCE).trim()).toBe("pub fn one() -> u32 { 1 }"));
});
