import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editOf, mutatedSource } from "../../../../src/core/mutation/mutant.ts";
import { hasLooseTests } from "../../../../src/core/suite/making/source-test.ts";
import { applyEdits } from "../../../../src/core/text/edit.ts";
import { mutantsOf } from "./rust.ts";

const SOURCE = `//! ü and 😀 before everything.
pub fn first(a: u32, b: u32) -> u32 {
    if a < b {
        return a;
    }
    helper(a, b)
}

pub fn second(a: u32, b: u32) -> u32 {
    if a < b {
        return a;
    }
    helper(a, b)
}

fn helper(a: u32, b: u32) -> u32 {
    assert_eq!(a < b, true);
    a - b
}

#[cfg(test)]
mod tests {
    #[test]
    fn compares() {
        assert!(super::first(1, 2) < 2 + 1);
    }
}

#[test]
fn lone() {
    let x = 1 + 1;
}
`;

describe("finding mutants", () => {
  it("leaves tests alone, and of what macros are given all but literals", () => {
    const lines = mutantsOf(SOURCE).map(({ line }) => line);
    expect(lines.length).toBeGreaterThan(20);
    expect(mutantsOf(SOURCE).flatMap(({ line, operator }) => (line === 17 ? [operator.name] : []))).toEqual(["constant"]);
    const untouched = Array.from({ length: 20 }, (_, index) => index + 21);
    expect(untouched.filter((line) => lines.includes(line))).toEqual([]);
  });

  it("gives each change once, however many operators come to it", () => {
    const keys = mutantsOf(SOURCE).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("names the function around a change, and the place after its brace", () => {
    const found = mutantsOf(SOURCE, "boundary").find(({ line }) => line === 10);
    expect(found?.enclosing?.name).toBe("second");
    expect(SOURCE.slice(0, found?.enclosing?.body).endsWith("-> u32 {")).toBe(true);
  });

  it("is not stopped by source that is no Rust", () => {
    expect(() => mutantsOf("fn f( { a < b }}} 'x \u0000 <<<<<<< HEAD")).not.toThrow();
    expect(() => mutantsOf(`fn f() { ${"(".repeat(5000)}1${")".repeat(5000)} }`)).not.toThrow();
  });
});

describe("tests outside of a test module", () => {
  it("are noticed, since they could not be put back after a patch", () => {
    expect(hasLooseTests(SOURCE)).toBe(true);
    expect(hasLooseTests(SOURCE.slice(0, SOURCE.lastIndexOf("#[test]")))).toBe(false);
    expect(hasLooseTests("mod checks {\n    #[test]\n    fn a() {}\n}\n")).toBe(true);
  });
});

describe("a mutant as an edit", () => {
  it("searches for a text that stands once, and gives exactly the mutated file", () => {
    for (const mutant of mutantsOf(SOURCE)) {
      const edit = editOf("src/lib.rs", SOURCE, mutant.change);
      const edited = applyEdits(new Map([["src/lib.rs", SOURCE]]), [edit]);
      expect(edited.ok && edited.changes.get("src/lib.rs")).toBe(mutatedSource(SOURCE, mutant.change));
    }
  });

  it("holds for any change of any text", () => {
    const text = fc.array(fc.constantFrom("a\n", "b\n", "\n", "c", "😀\r\n"), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), fc.constantFrom("", "x", "y\n"), (source, from, length, replacement) => {
        const start = from % source.length;
        const change = { start, end: Math.min(source.length, start + (length % 4)), text: replacement };
        const edit = editOf("f", source, change);
        const edited = applyEdits(new Map([["f", source]]), [edit]);
        expect(edited.ok && edited.changes.get("f")).toBe(mutatedSource(source, change));
      }),
    );
  });
});
