import { describe, expect, it } from "vitest";
import { splitTests, withoutTests } from "../../../../src/core/mutation/held-out.ts";
import { isNamedBy } from "../../../../src/core/mutation/test-item.ts";
import { parse } from "./rust.ts";

const options = { seed: 1, parse, roots: new Set(["src/lib.rs", "tests/api.rs"]), taken: new Set<string>() };

const MODULE = `pub fn area(w: u32, h: u32) -> u32 {
    w * h
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small ones.
    #[test]
    fn small() {
        assert_eq!(super::area(1, 2), self::twice(1));
    }

    #[test]
    #[should_panic(expected = "overflow")]
    fn large() {
        area(u32::MAX, 2);
    }

    #[test]
    fn nothing() {
        assert_eq!(crate::shape::area(0, 0), 0);
    }

    #[test]
    #[ignore]
    fn slow() {}

    fn twice(x: u32) -> u32 {
        x + x
    }
}
`;

const only = (source: string, path = "src/shape.rs", seed = 1) => splitTests([{ path, source }], { ...options, seed });

describe("setting tests aside", () => {
  it("moves a third into a hidden child of their module", () => {
    const split = only(MODULE);
    expect([...split.hidden.keys()]).toEqual(["src/shape/tests/heldout.rs"]);
    expect(split.visible).toBe(2);
    expect(split.heldOut).toBe(1);
    expect(split.changed.get("src/shape.rs")).toMatch(/\n {4}#\[cfg\(test\)\]\n {4}mod heldout;\n\}\n$/);
    expect(split.hidden.get("src/shape/tests/heldout.rs")?.source).toMatch(/^use super::\*;\n\n {4}(\/\/\/|#\[test\])/);
  });

  it("is the same for a seed, and never moves an ignored test", () => {
    const texts = Array.from({ length: 12 }, (_, seed) => [...only(MODULE, "src/shape.rs", seed).hidden.values()].map(({ source }) => source).join());
    expect(texts).toEqual(Array.from({ length: 12 }, (_, seed) => [...only(MODULE, "src/shape.rs", seed).hidden.values()].map(({ source }) => source).join()));
    expect(texts.some((text) => text.includes("fn slow"))).toBe(false);
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it("takes attributes and doc comments along, and steps paths of super and self one module up", () => {
    const seed = Array.from({ length: 40 }, (_, index) => index).find((one) =>
      [...only(MODULE, "src/shape.rs", one).hidden.values()].some(({ source }) => source.includes("fn small")),
    );
    const { hidden, changed } = only(MODULE, "src/shape.rs", seed);
    const source = hidden.get("src/shape/tests/heldout.rs")?.source ?? "";
    expect(source).toContain("    /// Small ones.\n    #[test]\n    fn small() {\n        assert_eq!(super::super::area(1, 2), super::twice(1));");
    expect(changed.get("src/shape.rs")).not.toContain("Small ones");
  });

  it("puts a crate root's children beside it, and those of a root's own tests where cargo finds no target", () => {
    expect([...only(MODULE, "src/lib.rs").hidden.keys()]).toEqual(["src/tests/heldout.rs"]);
    const split = only("#[test]\nfn a() {}\n#[test]\nfn b() {}\n", "tests/api.rs");
    expect([...split.hidden.keys()]).toEqual(["tests/heldout/api.rs"]);
    expect(split.changed.get("tests/api.rs")).toContain('#[cfg(test)]\n#[path = "heldout/api.rs"]\nmod heldout;\n');
    expect([...only(MODULE, "src/shape/mod.rs").hidden.keys()]).toEqual(["src/shape/tests/heldout.rs"]);
  });

  it("keeps a lone test, a test that another calls, and one that is tied to its file", () => {
    expect(only("#[test]\nfn a() {}\n").heldOut).toBe(0);
    expect(only("#[test]\nfn a() { b() }\n#[test]\nfn b() { a() }\n").heldOut).toBe(0);
    const tied = '#[test]\nfn a() { assert_eq!(include_str!("x"), "") }\n#[test]\nfn b() { insta::assert_snapshot!(1) }\n';
    expect(only(tied).heldOut).toBe(0);
  });

  it("keeps out of the way of names and files that are taken", () => {
    const taken = new Set(["src/shape/tests/heldout.rs"]);
    const split = splitTests([{ path: "src/shape.rs", source: MODULE }], { ...options, taken });
    expect([...split.hidden.keys()]).toEqual(["src/shape/tests/heldout_2.rs"]);
  });

  it("leaves a file alone that the grammar can't read", () => {
    expect(only(`${MODULE}\nfn ( {`).hidden.size).toBe(0);
  });
});

describe("taking failing tests out", () => {
  it("removes those that an identity names, with their attributes", () => {
    const less = withoutTests({ path: "src/shape.rs", source: MODULE }, ["shapes/lib/shape::tests::small"], parse, isNamedBy);
    expect(less).not.toContain("small");
    expect(less).not.toContain("Small ones");
    expect(less).toContain("fn large");
  });

  it("finds nothing for an identity of another module", () => {
    expect(withoutTests({ path: "src/shape.rs", source: MODULE }, ["shapes/lib/shape::checks::small"], parse, isNamedBy)).toBeNull();
  });
});
