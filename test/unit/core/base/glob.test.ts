// Globs and plain paths, hostile ones above all.
import { describe, expect, it } from "vitest";
import { isPlainPath, matcher } from "../../../../src/core/base/glob.ts";
import { nearest } from "../../../../src/core/base/nearest.ts";

describe("isPlainPath", () => {
  const PLAIN = [
    "a",
    "src/lib.rs",
    "a/b/c/d",
    ".cargo/config.toml",
    "..a",
    "a..",
    "a/...",
    "with space/x",
    "ünïcode/日本.rs",
    "-flag",
    "~",
    "a:b",
    "%2e%2e/a",
    "😀",
  ];
  for (const path of PLAIN) it(`takes ${path}`, () => expect(isPlainPath(path)).toBe(true));

  const HOSTILE = [
    "",
    "/",
    "/etc/passwd",
    "..",
    ".",
    "../a",
    "a/..",
    "a/../b",
    "a/./b",
    "./a",
    "a//b",
    "a/",
    "//a",
    "a\\b",
    "..\\a",
    "C:\\x",
    "\\\\server\\share",
    "a\u0000b",
    "a\nb",
    "a\tb",
    "\u001b[31m",
    "a\u007f",
    "a/\u0000",
    "\ud800",
    "a/\udfff.rs",
    "x".repeat(401),
    "a/".repeat(100),
  ];
  for (const path of HOSTILE) it(`refuses ${JSON.stringify(path).slice(0, 30)}`, () => expect(isPlainPath(path)).toBe(false));
});

describe("matcher", () => {
  const CASES: readonly [readonly string[], string, boolean][] = [
    [[], "a", false],
    [["src/*.rs"], "src/a.rs", true],
    [["src/*.rs"], "src/a/b.rs", false],
    [["src/**"], "src/a/b.rs", true],
    [["**/Cargo.toml"], "Cargo.toml", true],
    [["**/Cargo.toml"], "a/b/Cargo.toml", true],
    [["**/.cargo/**"], ".cargo/config.toml", true],
    [["*"], ".hidden", true],
    [["a", "b"], "b", true],
    [["!a"], "b", false],
    [["!a"], "!a", true],
    [["@(a|b)"], "a", false],
    [["crates/*/src/heldout.rs"], "crates/x/src/heldout.rs", true],
    [["crates/*/src/heldout.rs"], "crates/x/y/src/heldout.rs", false],
    [["tiny/lib/**"], "tiny/lib/area::tests::multiplies", true],
    [["tiny/lib/area::*"], "tiny/lib/area::tests::multiplies", true],
    [["a.rs"], "axrs", false],
    [["[ab].rs"], "a.rs", true],
    [["**/tests/**"], "tests/x.rs", true],
    [["a"], "A", false],
  ];
  for (const [globs, text, matches] of CASES)
    it(`${globs.join(" ") || "nothing"} ${matches ? "matches" : "does not match"} ${text}`, () => expect(matcher(globs)(text)).toBe(matches));

  it("takes any text for a glob without throwing", () => {
    for (const glob of ["[", "(", ")", "\\", "{", "{a,", "**/**/*a*b", "*".repeat(399), "+(a+)+$", "[[:alpha:]]", "a{1,9999}", "?".repeat(399)]) {
      expect(typeof matcher([glob])("a".repeat(200))).toBe("boolean");
    }
  });
});

describe("nearest", () => {
  it("names the three nearest, the nearest first", () => {
    expect(nearest("orcale", ["nop", "oracle", "rustc-suggestions", "gpt"])[0]).toBe("oracle");
    expect(nearest("x", ["nop", "oracle", "gpt", "a"])).toHaveLength(3);
  });

  it("does not mind case, and breaks ties by name", () => {
    expect(nearest("ORACLE", ["b", "oracle"])[0]).toBe("oracle");
    expect(nearest("c", ["b", "a"])).toEqual(["a", "b"]);
  });

  it("has nothing to name where nothing is known", () => expect(nearest("a", [])).toEqual([]));
});
