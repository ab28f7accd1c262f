// From a commit to the draft of a task: what is taken, what is held out, and what an instruction may say.
import { describe, expect, it } from "vitest";
import { baseFaultReason } from "../../../../../src/core/suite/making/base-fault.ts";
import { layered, layerBases } from "../../../../../src/core/suite/making/base-layers.ts";
import { type CommitFacts, commitParts, commitRepair, LIMITS, screenCommit } from "../../../../../src/core/suite/making/commits/repair.ts";
import { asGlob, draftTask } from "../../../../../src/core/suite/making/draft.ts";
import { chooseHeldOut } from "../../../../../src/core/suite/making/held-out-choice.ts";
import { answerLines, instructionOf, titleOf } from "../../../../../src/core/suite/making/instruction.ts";
import { type Repair, taskId } from "../../../../../src/core/suite/making/repair.ts";
import { crateRoots, dependenciesOf, pathKind } from "../../../../../src/core/suite/making/source-path.ts";
import { suiteSchema } from "../../../../../src/core/suite/schema.ts";
import { testsIn } from "../../../../../src/core/suite/making/source-test.ts";
import { testIdentities } from "../../../../../src/core/suite/making/test-identity.ts";
import { applyEdits } from "../../../../../src/core/text/edit.ts";

const file = (path: string, isFile = true) => ({ path, isFile });
const commit = (facts: Partial<CommitFacts> = {}): CommitFacts => ({
  id: "c".repeat(40),
  parents: ["p"],
  message: "Fix it",
  changedCount: 1,
  changed: [file("src/lib.rs")],
  ...facts,
});

describe("screenCommit", () => {
  it.each([
    ["root", { parents: [] }],
    ["no-source", { changed: [file("README.md"), file("tests/a.rs"), file("examples/b.rs")] }],
    ["too-large", { changedCount: LIMITS.changedFiles + 1 }],
    ["odd-files", { changed: [file("src/lib.rs"), { path: null, isFile: true }] }],
    ["odd-files", { changed: [file("src/lib.rs", false)] }],
  ])("drops as %s", (reason, facts) => expect(screenCommit(commit(facts))?.reason).toBe(reason));
  it("lets an ordinary commit through", () => expect(screenCommit(commit())).toBeNull());
});

const BEFORE = `pub fn double(x: u32) -> u32 { x }\n`;
const AFTER = `pub fn double(x: u32) -> u32 {\n    x.checked_mul(2).unwrap_or(u32::MAX)\n}\n`;
const TESTS = `
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn doubles() { assert_eq!(double(2), 4); }
    #[test]
    fn saturates() { assert_eq!(double(u32::MAX), u32::MAX); }
}
`;
const TREE = new Map([
  ["Cargo.toml", '[package]\nname = "sums"\n'],
  ["src/lib.rs", AFTER + TESTS],
]);

const parts = (files = [{ path: "src/lib.rs", before: BEFORE as string | null, after: (AFTER + TESTS) as string | null }]) => commitParts(files);

function repairOf(message: string, beside: ReadonlyMap<string, string | null> = new Map()): Repair {
  const read = parts();
  if (!read.ok) throw new Error(read.drop.reason);
  return commitRepair(commit({ message }), read, TREE, beside);
}

describe("commitParts", () => {
  it("takes sources that differ by more than their tests, and the tests", () => {
    const read = parts();
    expect(read.ok && [...read.sources.keys()]).toEqual(["src/lib.rs"]);
    expect(read.ok && read.tests.map(({ name }) => name)).toEqual(["doubles", "saturates"]);
  });

  it.each([
    ["no-source", [{ path: "src/lib.rs", before: AFTER, after: AFTER + TESTS }]],
    ["no-tests", [{ path: "src/lib.rs", before: BEFORE, after: AFTER }]],
    [
      "too-large",
      [
        { path: "src/lib.rs", before: BEFORE, after: AFTER + TESTS },
        { path: "src/big.rs", before: "", after: "pub fn f() {}\n".repeat(LIMITS.addedLines + 1) },
      ],
    ],
  ])("drops as %s", (reason, files) => {
    const read = parts(files);
    expect(!read.ok && read.drop.reason).toBe(reason);
  });
});

describe("a commit whose only tests are doctests", () => {
  const said = (code: string): string => `/// Doubles.\n///\n/// \`\`\`\n/// ${code}\n/// \`\`\`\n`;
  const [first, second] = ["assert_eq!(sums::double(2), 4);", "assert_eq!(sums::double(3), 6);"];
  const files = (path: string, before = BEFORE) => [{ path, before, after: said(`${first} ${second}`) + AFTER }];

  it("has them as a test file of the library's package", () => {
    const read = commitParts(files("src/lib.rs"));
    if (!read.ok) throw new Error(read.drop.reason);
    const repair = commitRepair(commit(), read, TREE, new Map());
    expect(repair.tests.map(({ path, name }) => [path, name])).toEqual([["tests/doctests.rs", "src_lib_1"]]);
    expect(repair.clean.get("tests/doctests.rs")).toContain(first);
    const drafted = draftTask(repair, null);
    expect(drafted.ok && [drafted.draft.split, drafted.draft.editable]).toEqual(["halved", ["src/lib.rs"]]);
  });

  it("is none where only comments differ, and lays nothing beside a program or over a file that is there", () => {
    const comments = commitParts(files("src/lib.rs", AFTER));
    expect(!comments.ok && comments.drop.reason).toBe("no-tests");
    const read = commitParts(files("tool/src/main.rs"));
    if (!read.ok) throw new Error(read.drop.reason);
    expect(commitRepair(commit(), read, TREE, new Map()).tests).toEqual([]);
    const own = commitParts(files("src/lib.rs"));
    if (!own.ok) throw new Error(own.drop.reason);
    expect(commitRepair(commit(), own, new Map([...TREE, ["tests/doctests.rs", "// mine"]]), new Map()).tests).toEqual([]);
  });

  it("leaves doctests alone where there are tests", () => {
    const read = commitParts([{ path: "src/lib.rs", before: BEFORE, after: said(first) + AFTER + TESTS }]);
    expect(read.ok && read.docTests.size).toBe(0);
  });
});

describe("draftTask", () => {
  it("breaks the source, keeps the tests, hides half of them, and the solution finds back", () => {
    const drafted = draftTask(repairOf("Fix it"), null);
    if (!drafted.ok) throw new Error(drafted.drop.detail);
    const { base, breaks, editable, split } = drafted.draft;
    expect([base.hidden, editable, split]).toEqual([["src/tests/heldout.rs"], ["src/lib.rs"], "moved"]);
    const broken = applyEdits(base.tree, breaks);
    const text = broken.ok ? String(broken.changes.get("src/lib.rs")) : "";
    expect(text.startsWith(BEFORE)).toBe(true);
    expect(text).toContain("mod heldout;");
    const isVisible = ["doubles", "saturates"].filter((name) => text.includes(`fn ${name}`));
    expect(isVisible).toHaveLength(1);
    expect(String(base.tree.get("src/tests/heldout.rs"))).toContain(isVisible[0] === "doubles" ? "fn saturates" : "fn doubles");
  });

  it("leaves a repair of a source with tests outside of its test modules alone: they would be lost with it", () => {
    const loose = "#[test]\nfn outside() { assert_eq!(double(1), 2); }\n";
    const drafted = draftTask({ ...repairOf("x"), clean: new Map([...TREE, ["src/lib.rs", AFTER + loose + TESTS]]) }, null);
    expect(!drafted.ok && drafted.drop).toEqual({ reason: "loose-tests", detail: "src/lib.rs" });
  });

  it("is the same each time", () => expect(draftTask(repairOf("Fix it"), null)).toEqual(draftTask(repairOf("Fix it"), null)));

  it("writes a source that was not there before as one that is to be written", () => {
    const repair: Repair = { ...repairOf("x"), clean: new Map([...TREE, ["src/new.rs", "pub fn fresh() {}\n"]]), before: new Map([["src/new.rs", null]]) };
    const drafted = draftTask(repair, null);
    expect(drafted.ok && drafted.draft.breaks).toEqual([{ path: "src/new.rs", search: "pub fn fresh() {}\n", replace: "// Not written yet.\n" }]);
  });

  it("keeps documents as they were before the commit", () => {
    const repair = repairOf(
      "x",
      new Map([
        ["CHANGELOG.md", "old"],
        ["Cargo.toml", null],
      ]),
    );
    expect([repair.clean.get("CHANGELOG.md"), repair.clean.has("Cargo.toml")]).toEqual(["old", false]);
  });
});

describe("chooseHeldOut", () => {
  const withTests = (tests: string, clean = AFTER, before = BEFORE): Repair => {
    const path = "tests/t.rs";
    return {
      ...repairOf("Fix it"),
      clean: new Map([
        ["src/lib.rs", clean],
        [path, tests],
      ]),
      before: new Map([["src/lib.rs", before]]),
      tests: testsIn(path, tests),
    };
  };

  it("holds no test out that asks for a name which nothing else shows", () => {
    const choice = chooseHeldOut(withTests("#[test]\nfn a() { one(); }\n#[test]\nfn b() { two(); }\n", "pub fn one() {}\npub fn two() {}\n", ""));
    expect(choice.ok).toBe(false);
  });

  it("holds one out where both show the name", () => {
    const choice = chooseHeldOut(withTests("#[test]\nfn a() { one(1); }\n#[test]\nfn b() { one(2); }\n", "pub fn one(x: u32) {}\n", ""));
    expect(choice.ok && choice.whole.size).toBe(1);
  });

  it("divides one test with two assertions, and takes none with one", () => {
    const two = chooseHeldOut(withTests("#[test]\nfn a() { assert!(double(1) == 2); assert!(double(2) == 4); }\n"));
    expect(two.ok && [...two.halved.keys()]).toEqual(["tests/t.rs#a"]);
    const one = chooseHeldOut(withTests("#[test]\nfn a() { assert!(double(1) == 2); }\n"));
    expect(!one.ok && one.drop.reason).toBe("held-out");
  });

  it("holds no test out that another calls, or that depends on where it stands", () => {
    const tied = '#[test]\nfn b() { assert_eq!(include_str!("x"), "2"); }\n';
    const called = "#[test]\nfn c() { assert_eq!(double(1), 2); }\n#[test]\nfn d() { c(); }\n";
    const choice = chooseHeldOut(withTests(tied + called));
    expect(choice.ok && [...choice.whole]).toEqual(["tests/t.rs#d"]);
    const none = chooseHeldOut(withTests(tied));
    expect(!none.ok && none.drop.detail).toMatch(/where they stand/);
  });
});

describe("instructionOf", () => {
  const output = "thread 't' panicked at src/lib.rs:9:5:\nassertion failed\n  left: 2\n right: 4";
  const failed = {
    status: "failed",
    tests: [
      { id: "sums/lib/tests::doubles", status: "failed", heldOut: false, output },
      { id: "sums/lib/tests::heldout::secret", status: "failed", heldOut: true, output: "" },
    ],
  } as const;

  it("tells the message and what fails, and nothing of the answer", () => {
    const text = instructionOf(
      repairOf(
        "Double it (#7)\n\nBefore, 2 stayed 2. Now:\n\n    x.checked_mul( 2 )\n      .unwrap_or(u32::MAX)\n\nuse x.checked_mul(2).unwrap_or(u32::MAX) here\n\nSigned-off-by: A <a@b.c>",
      ),
      failed,
    );
    expect(text).not.toContain("Signed-off");
    expect(text).not.toContain("secret");
    expect(text.replaceAll(/\s/g, "")).not.toContain("x.checked_mul(2).unwrap_or(u32::MAX)");
  });

  it("keeps a harmless message whole", () => {
    const text = instructionOf(repairOf("Double it\n\nBefore, 2 stayed 2."), failed);
    expect(text).toContain("Before, 2 stayed 2.");
    expect(text).toContain("sums/lib/tests::doubles");
    expect(text).toContain("left: 2");
  });

  it("a subject that is the answer is no title", () => {
    expect(titleOf(repairOf("x.checked_mul(2).unwrap_or(u32::MAX)"))).toBe("Repair what the tests find");
    expect(titleOf(repairOf("Double it (#7)"))).toBe("Double it");
  });

  it("looks only at lines that say something", () => expect([...answerLines(repairOf("x"))].some((line) => line === "}")).toBe(false));

  it("names the errors of what does not compile", () => {
    const span = { path: "src/lib.rs", line: 3, column: 1, endLine: 3, endColumn: 2 };
    const verdict = {
      status: "compile-error",
      codes: ["E0425"],
      diagnostics: [{ level: "error", code: "E0425", message: "cannot find `y`", span, rendered: "", suggestions: [] }],
    } as const;
    expect(instructionOf(repairOf("Add y"), verdict)).toBe("Add y\n\nIt does not compile:\n- E0425: cannot find `y` (src/lib.rs:3)");
  });
});

describe("paths", () => {
  it.each([
    ["src/lib.rs", "source"],
    ["crates/a/src/x.rs", "source"],
    ["tests/a.rs", "test"],
    ["src/foo/tests.rs", "test"],
    ["src/foo_test.rs", "test"],
    ["src/contest.rs", "source"],
    ["examples/a.rs", "beside"],
    ["CHANGELOG.md", "beside"],
    ["Cargo.toml", "manifest"],
    ["build.rs", "manifest"],
    ["tests/data/x.json", "other"],
  ])("%s is %s", (path, kind) => expect(pathKind(path)).toBe(kind));

  it("knows crate roots by place and by manifest", () => {
    const isRoot = crateRoots(
      new Map([
        ["a/Cargo.toml", '[lib]\npath = "./core.rs"\n[[test]]\npath = "t/x.rs"\n'],
        ["b/Cargo.toml", "["],
      ]),
    );
    expect(["a/core.rs", "a/t/x.rs", "a/src/lib.rs", "tests/x.rs", "src/bin/x.rs"].every(isRoot)).toBe(true);
    expect(["a/other.rs", "src/a.rs", "tests/common/mod.rs"].some(isRoot)).toBe(false);
  });

  it("knows whether something must be fetched", () => {
    expect(dependenciesOf(new Map([["Cargo.lock", 'name = "a"\nsource = "registry"\n']]))).toBe("cargo-fetch");
    expect(dependenciesOf(new Map([["Cargo.lock", 'name = "a"\n']]))).toBe("none");
  });

  it("names and globs are safe", () => {
    expect(taskId("Fix: the *thing*, now!", "x")).toMatch(/^fix-the-thing-now-[0-9a-f]{8}$/);
    expect(taskId("\u4fee\u6b63", "x")).toMatch(/^task-/);
    expect(asGlob("src/a[1].rs")).toBe("src/a?1?.rs");
  });
});

describe("testIdentities", () => {
  const identify = testIdentities(
    new Map([
      ["Cargo.toml", '[package]\nname = "top"\n'],
      ["crates/a/Cargo.toml", '[package]\nname = "a"\n'],
    ]),
  );
  const test = (path: string, modules: string[] = ["tests"]) => ({ path, modules, name: "t", text: "" });

  it.each([
    ["src/lib.rs", false, "top/lib/tests::t"],
    ["src/x/y.rs", false, "top/lib/x::y::tests::t"],
    ["src/x/mod.rs", true, "top/lib/x::tests::heldout2::t"],
    ["crates/a/src/z.rs", false, "a/lib/z::tests::t"],
    ["crates/a/tests/it.rs", true, "a/test:it/tests::heldout::t"],
    ["src/bin/cli.rs", false, "top/bin:cli/tests::t"],
  ])("%s (held out: %s) is %s", (path, heldOut, id) => {
    expect(identify(test(path), heldOut)(id)).toBe(true);
    expect(identify(test(path), heldOut)(id.replace("::t", "::u"))).toBe(false);
    expect(identify(test(path), heldOut)(id.replace(/^\w+/, "other"))).toBe(false);
  });
});

describe("layered bases", () => {
  const base = (name: string, tree: Record<string, string>) => ({
    name,
    path: `bases/${name}`,
    hidden: [],
    protected: [],
    tree: new Map(Object.entries(tree)),
  });

  it("hold what differs, and give the whole tree back", () => {
    const [one, two] = [base("one", { a: "1", b: "1", c: "1", d: "1" }), base("two", { a: "2", b: "1", c: "1" })];
    const [first, second] = layerBases([one, two]);
    expect(first).toBe(one);
    expect([second?.from, [...(second?.tree.keys() ?? [])], second?.removed]).toEqual(["one", ["a"], ["d"]]);
    expect([...layered(one.tree, second?.tree ?? new Map(), second?.removed ?? [])]).toEqual([...two.tree]);
  });

  it("stand alone where most differs, or nothing does", () => {
    expect(layerBases([base("one", { a: "1" }), base("two", { a: "2" })])[1]?.from).toBeUndefined();
    expect(layerBases([base("one", { a: "1", b: "1", c: "1" }), base("two", { a: "1", b: "1" })])[1]?.from).toBeUndefined();
  });
});

describe("a written base", () => {
  const issues = (bases: readonly unknown[]): string[] =>
    suiteSchema
      .safeParse({ format: 1, name: "a", version: "1.0.0", description: "A.", dependencies: "none", base: bases })
      .error?.issues.map(({ path }) => path.join(".")) ?? [];

  it("lies over one before it, or over none", () => {
    expect(
      issues([
        { name: "one", path: "one" },
        { name: "two", path: "two", from: "one", removed: ["x"] },
      ]),
    ).toEqual([]);
    expect(
      issues([
        { name: "two", path: "two", from: "one" },
        { name: "one", path: "one" },
      ]),
    ).toEqual(["base.0.from"]);
    expect(issues([{ name: "one", path: "one", from: "one" }])).toEqual(["base.0.from"]);
    expect(issues([{ name: "one", path: "one", removed: ["x"] }])).toEqual(["base.0.removed"]);
    expect(
      issues([
        { name: "one", path: "one" },
        { name: "two", path: "two", from: "one", removed: ["../x"] },
      ]),
    ).toEqual(["base.1.removed.0"]);
  });
});

describe("baseFaultReason", () => {
  it.each([
    ["tests of the clean base fail: a/lib/x", "tests-broken"],
    ["the clean base does not compile (E0554: `#![feature]` may not be used)", "toolchain"],
    ["cargo can't build the clean base (error: rustc 1.95.0 is not supported by the following package: a@1.0.0 requires rustc 1.99)", "toolchain"],
    ["the dependencies of base x are missing and can't be fetched (error: failed to get `rand`)", "networked"],
    ["no matching package named `rand` found", "networked"],
    ["the clean base does not compile (E0308: mismatched types)", "base-broken"],
  ])("%s is %s", (complaint, reason) => expect(baseFaultReason(complaint)).toBe(reason));
});
