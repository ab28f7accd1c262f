import { describe, expect, it } from "vitest";
import { splitTests } from "../../../../src/core/mutation/held-out.ts";

const options = { seed: 1, isRoot: (path: string) => ["src/lib.rs", "tests/api.rs"].includes(path), isTaken: (path: string) => path === "" };

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

/** The tests that were moved, as text. */
const moved = (source: string, path?: string, seed?: number): string => [...only(source, path, seed).hidden.values()].map((file) => file.source).join("");

describe("setting tests aside", () => {
  it("moves a third of those that run into a hidden child of their module", () => {
    const split = only(MODULE);
    expect([...split.hidden.keys()]).toEqual(["src/shape/tests/heldout.rs"]);
    expect(moved(MODULE).match(/#\[test\]/g)).toHaveLength(1);
    expect(split.changed.get("src/shape.rs")?.match(/#\[test\]/g)).toHaveLength(3);
    expect(split.changed.get("src/shape.rs")).toMatch(/\n#\[cfg\(test\)\]\nmod heldout;\n\}\n$/);
  });

  it("is the same for a seed, another for others, and never moves an ignored test", () => {
    const texts = (): string[] => Array.from({ length: 12 }, (_, seed) => moved(MODULE, "src/shape.rs", seed));
    expect(texts()).toEqual(texts());
    expect(texts().join("")).not.toContain("fn slow");
    expect(new Set(texts()).size).toBeGreaterThan(1);
  });

  it("puts a crate root's children beside it, and those of a root's own tests where cargo finds no target", () => {
    expect([...only(MODULE, "src/lib.rs").hidden.keys()]).toEqual(["src/tests/heldout.rs"]);
    expect([...only("#[test]\nfn a() {}\n#[test]\nfn b() {}\n", "tests/api.rs").hidden.keys()]).toEqual(["tests/api/heldout.rs"]);
    expect([...only(MODULE, "src/shape/mod.rs").hidden.keys()]).toEqual(["src/shape/tests/heldout.rs"]);
  });

  it("keeps a lone test, a test that another calls, and one that is tied to its file", () => {
    const tied = '#[test]\nfn a() { assert_eq!(include_str!("x"), "") }\n#[test]\nfn b() { insta::assert_snapshot!(1) }\n';
    for (const source of ["#[test]\nfn a() {}\n", "#[test]\nfn a() { b() }\n#[test]\nfn b() { a() }\n", tied]) expect(only(source).hidden.size).toBe(0);
  });

  describe("tests that stay", () => {
    const two = (name: string) => `#[test]\nfn ${name}() {\n    let x = ${name.length};\n    assert_eq!(x, 1);\n    assert_ne!(x, 9);\n}\n`;
    const lone = `#[cfg(test)]\nmod tests {\n${two("a")}}\n`;

    it("keep the first half of their assertions and are held out whole, a lone one too", () => {
      const split = only(lone);
      expect(split.changed.get("src/shape.rs")).toContain("assert_eq!(x, 1);\n}");
      expect([...split.hidden.values()].map(({ source }) => source).join("")).toContain("assert_eq!(x, 1);\n    assert_ne!(x, 9);");
      expect([...split.halved]).toEqual(["src/shape.rs#tests::a"]);
    });

    it("are whole where they assert one thing, must panic, or are not to be halved", () => {
      expect(only(MODULE).halved.size).toBe(0);
      expect(only(lone.replace("#[test]", "#[test]\n#[should_panic]")).hidden.size).toBe(0);
      for (const key of ["src/shape.rs", "src/shape.rs#tests::a"])
        expect(splitTests([{ path: "src/shape.rs", source: lone }], { ...options, whole: new Set([key]) }).hidden.size).toBe(0);
    });
  });

  it("keeps out of the way of files that are taken, by the repository or by another file's tests", () => {
    const split = splitTests([{ path: "src/shape.rs", source: MODULE }], { ...options, isTaken: (path) => path === "src/shape/tests/heldout.rs" });
    expect([...split.hidden.keys()]).toEqual(["src/shape/tests/heldout2.rs"]);
    const twins = ["src/shape.rs", "src/shape/mod.rs"].map((path) => ({ path, source: MODULE }));
    expect([...splitTests(twins, options).hidden.keys()]).toEqual(["src/shape/tests/heldout.rs", "src/shape/tests/heldout2.rs"]);
  });

  it("leaves a file alone that is not balanced", () => {
    expect(only(`${MODULE}\nfn ( {`).hidden.size).toBe(0);
  });
});
