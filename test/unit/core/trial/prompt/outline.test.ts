// What the outline of a base shows, and what it keeps to itself.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { repositoryOutline } from "../../../../../src/core/trial/prompt/outline.ts";
import { estimateTokens } from "../../../../../src/core/trial/prompt/text.ts";
import { ADD, base, task, taskOf } from "../../router/sample-task.ts";

const path = "crates/a/src/add.rs";
const outline = repositoryOutline(base, [task], 1500);
const lineOf = (text: string, at: string) => text.split("\n").find((line) => line.startsWith(at));
const broken = (from: string, to: string) => repositoryOutline(base, [task, taskOf(new Map([[path, ADD.replace(from, to)]]))], 1500);

describe("the outline", () => {
  test("names the public items of each file, methods with their type", () => {
    expect(lineOf(outline, path)).toBe(`${path}: struct Sum, fn zero, const LIMIT, mod parts, fn parts::half, macro sum, Sum::add`);
  });
  test("shows no signature", () => {
    expect(outline).not.toMatch(/i64|->|\(/);
  });
  test("shows nothing private, nothing of tests and nothing of other crates' concern", () => {
    for (const name of ["secret", "private", "inner", "never", "helper", "fmt", "made"]) expect(outline).not.toMatch(new RegExp(`\\b${name}\\b`));
  });
  test("leaves out hidden files", () => {
    expect(outline).not.toContain("heldout");
  });
  test("is in path order", () => {
    const paths = outline.split("\n").map((line) => line.split(":")[0] ?? "");
    expect(paths).toEqual(paths.toSorted());
  });
  test("doesn't depend on the order of files or tasks", () => {
    const other = taskOf(new Map([["crates/a/src/times.rs", "pub fn times_two() {}\n"]]));
    const turned = { ...base, tree: new Map([...base.tree].toReversed()) };
    expect(repositoryOutline(turned, [other, task], 1500)).toBe(repositoryOutline(base, [task, other], 1500));
  });
});

describe("a break's traces", () => {
  test.each([
    ["made private", "pub const fn zero", "const fn zero", "zero"],
    ["renamed", "pub const LIMIT", "pub const BOUND", "LIMIT"],
    ["renamed into", "pub const LIMIT", "pub const BOUND", "BOUND"],
    ["left out", "    pub fn add", "    fn plus", "add"],
    ["turned into another kind", "pub mod parts", "pub trait parts", "mod parts"],
  ])("a name that was %s is not shown", (_, from, to, name) => {
    expect(lineOf(broken(from, to), path)?.slice(path.length)).not.toMatch(new RegExp(`\\b${name}\\b`));
  });
  test("a changed signature leaves none", () => {
    expect(broken("other: i64) -> i64", "other: i32) -> i32")).toBe(outline);
  });
  test("tasks of other bases leave none", () => {
    const foreign = taskOf(new Map([[path, ""]]), { base: { ...base, digest: "f".repeat(64) } });
    expect(repositoryOutline(base, [task, foreign], 1500)).toBe(outline);
  });
  test("a file that a break deletes is not shown", () => {
    expect(repositoryOutline(base, [taskOf(new Map([[path, null]]))], 1500)).not.toContain(path);
  });
});

describe("the budget", () => {
  test("first costs the methods", () => {
    const text = repositoryOutline(base, [task], estimateTokens(outline) - 1);
    expect(text).toContain("struct Sum");
    expect(text).not.toContain("Sum::add");
  });
  test("then the names, then files, whose number is told", () => {
    expect(repositoryOutline(base, [task], 20)).toBe("crates/a/src/add.rs\ncrates/a/src/lib.rs\ncrates/a/src/times.rs");
    expect(repositoryOutline(base, [task], 14)).toBe("crates/a/src/add.rs\n… 2 more files");
  });
  test("is kept whatever it is", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 200 }), (tokens) => estimateTokens(repositoryOutline(base, [task], tokens)) <= tokens));
  });
});

test("no source makes it throw", () => {
  const piece = fc.constantFrom(
    "pub ",
    "fn ",
    "impl ",
    "<",
    ">",
    "{",
    "}",
    "(",
    ")",
    "mod ",
    "T ",
    "macro_rules!",
    "for ",
    ";",
    "#[cfg(test)]",
    '"',
    "const ",
    ":: ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      repositoryOutline({ ...base, tree: new Map([["a.rs", pieces.join("")]]) }, [], 500);
    }),
    { numRuns: 500 },
  );
});
