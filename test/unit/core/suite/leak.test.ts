import { describe, expect, it } from "vitest";
import { addedLines, leaksInTree, secretLines } from "../../../../src/core/suite/leak.ts";
import { type Base, resolveTask, type Task, treeDigest } from "../../../../src/core/suite/suite.ts";

const SOLVED = "pub fn area(width: u32, height: u32) -> u32 {\n    width.saturating_mul(height)\n}\n";

function taskOver(extra: Readonly<Record<string, string>>, said = ""): Task {
  const tree = new Map([["Cargo.toml", ""], ["src/lib.rs", said + SOLVED], ...Object.entries(extra)]);
  const base: Base = { name: "main", tree, digest: treeDigest(tree), hidden: [], protected: [] };
  const edit = { path: "src/lib.rs", search: said + SOLVED, replace: SOLVED.replace("width.saturating_mul(height)", "width") };
  const facts = {
    format: 1,
    id: "t",
    title: "t",
    kind: "test",
    risk: "low",
    area: "logic",
    tags: [],
    error_codes: [],
    instruction: "i",
    protected: [],
    pass_to_pass: ["**"],
  } as const;
  const { task } = resolveTask(
    { ...facts, tags: [], error_codes: [], protected: [], pass_to_pass: ["**"], editable: ["src/**"], fail_to_pass: ["**"], held_out: ["**"], break: [edit] },
    base,
    { compile_timeout_s: 1, test_timeout_s: 1 },
  );
  if (!task) throw new Error("no task");
  return task;
}

describe("the leak check", () => {
  it("looks for the lines that the solution has and the broken tree lacks", () => {
    expect(addedLines(taskOver({}))).toEqual(["width.saturating_mul(height)"]);
    expect(leaksInTree(taskOver({}))).toEqual([]);
  });

  it("looks for no line that the solution only says in a comment", () => {
    const said = "/// The area of a rectangle.\n// widths by heights\n/* and more of that */\n";
    expect(addedLines(taskOver({}, said))).toEqual(["width.saturating_mul(height)"]);
    const block = "/**\nThe area of a rectangle.\nIts width by its height.\n*/\nconst KNOWN_SHAPES: u32 = 1; /* a rectangle */\n";
    expect(addedLines(taskOver({}, block))).toEqual(["const KNOWN_SHAPES: u32 = 1; /* a rectangle */", "width.saturating_mul(height)"]);
  });

  it("finds them in comments and documents, whatever the white space", () => {
    const leaks = leaksInTree(
      taskOver({
        "src/a.rs": "fn f() {} // was:  width.saturating_mul(height)\n",
        "NOTES.md": "Use\n`width.saturating_mul(height)`.",
        "old.patch": "+    width.saturating_mul(height)\n",
      }),
    );
    expect(leaks.map(({ where, kind }) => [where, kind]).toSorted()).toEqual([
      ["NOTES.md", "document"],
      ["old.patch", "document"],
      ["src/a.rs", "comment"],
    ]);
  });

  it("keeps no line secret that the tree's code holds anyway", () => {
    const task = taskOver({ "src/a.rs": "fn g() -> u32 {\n    width.saturating_mul(height)\n}\n", "NOTES.md": "width.saturating_mul(height)" });
    expect(secretLines(task)).toEqual([]);
    expect(leaksInTree(task)).toEqual([]);
    expect(secretLines(taskOver({ "NOTES.md": "" }))).toEqual(["width.saturating_mul(height)"]);
  });

  it("takes no short line of code elsewhere for a leak", () => {
    expect(leaksInTree(taskOver({ "src/a.rs": "fn g() -> u32 {\n    width.saturating_mul(height)\n}\n" }))).toEqual([]);
  });
});
