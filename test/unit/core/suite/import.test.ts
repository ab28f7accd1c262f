// Tasks made elsewhere are hostile: each is read strictly, within bounds, or refused with its reason.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportTask } from "../../../../src/core/suite/shapes/export-swe-bench.ts";
import { commitId, fastImport } from "../../../../src/core/suite/shapes/git-stream.ts";
import { exerciseRepair, withoutIgnore } from "../../../../src/core/suite/shapes/exercism.ts";
import { harborRepair, projectPath, readHarborTask } from "../../../../src/core/suite/shapes/harbor.ts";
import { declaredFault, diffPaths, instanceRepair, readInstances } from "../../../../src/core/suite/shapes/swe-bench.ts";
import { taskSchema } from "../../../../src/core/suite/schema.ts";
import { readScript } from "../../../../src/core/suite/shapes/shell-heredocs.ts";
import { suiteOf, taskNamed, writtenTask } from "../../run/fakes.ts";

const INSTANCE = {
  instance_id: "a__b-1",
  repo: "a/b",
  base_commit: "0123456789abcdef0123456789abcdef01234567",
  patch: "--- a/src/lib.rs\n+++ b/src/lib.rs\n",
  test_patch: "",
  problem_statement: "It is wrong",
  FAIL_TO_PASS: '["tests::a"]',
  PASS_TO_PASS: ["tests::b"],
};

describe("readInstances", () => {
  it("reads lines and arrays, lists as JSON texts and as arrays", () => {
    const line = JSON.stringify(INSTANCE);
    expect(readInstances(`${line}\n\n`).instances[0]).toMatchObject({ FAIL_TO_PASS: ["tests::a"], PASS_TO_PASS: ["tests::b"] });
    expect(readInstances(`[${line}]`).instances).toHaveLength(1);
  });

  it.each([
    ["no JSON", "{"],
    ["a commit that is a flag", JSON.stringify({ ...INSTANCE, base_commit: "--upload-pack=x" })],
    ["a revision that is no id", JSON.stringify({ ...INSTANCE, base_commit: "HEAD~1" })],
    ["lists that are none", JSON.stringify({ ...INSTANCE, FAIL_TO_PASS: "tests::a" })],
    ["a patch that is missing", JSON.stringify({ ...INSTANCE, patch: undefined })],
  ])("refuses %s and goes on", (_, line) => {
    const read = readInstances(`${line}\n${JSON.stringify({ ...INSTANCE, instance_id: "good" })}\n`);
    expect([read.instances.map(({ instance_id }) => instance_id), read.refused.length]).toEqual([["good"], 1]);
  });

  it("refuses the second of a name", () =>
    expect(readInstances(`${JSON.stringify(INSTANCE)}\n${JSON.stringify(INSTANCE)}`).refused[0]?.detail).toBe("there twice"));

  it("never throws", () => fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readInstances(text))));
});

describe("diffPaths", () => {
  it("names what a diff touches", () => {
    expect(diffPaths("diff --git a/x b/y\n--- a/src/a.rs\t2020\n+++ /dev/null\nrename from old\nrename to new\n")).toEqual({
      ok: true,
      paths: ["src/a.rs", "old", "new"],
    });
  });
  it.each(["--- a/../../etc/passwd\n", "+++ /etc/passwd\n", "rename to ../x\n", "+++ b/a\\..\\b\n"])("refuses %j", (diff) =>
    expect(diffPaths(diff).ok).toBe(false),
  );
});

describe("instanceRepair", () => {
  it("takes declared tests that were there before, and those that the test patch brings", () => {
    const instance = readInstances(JSON.stringify(INSTANCE)).instances[0];
    if (!instance) throw new Error("no instance");
    const lib = (body: string) => `${body}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {}\n    #[test]\n    fn b() {}\n}\n`;
    const repair = instanceRepair(
      instance,
      new Map([["src/lib.rs", lib("fn x() {}")]]),
      new Map([["tests/t.rs", "#[test]\nfn new() {}\n"]]),
      new Map([["src/lib.rs", lib("fn y() {}")]]),
    );
    expect(repair.tests.map(({ name }) => name).toSorted()).toEqual(["a", "new"]);
    expect([...repair.before]).toEqual([["src/lib.rs", lib("fn x() {}")]]);
  });
});

describe("declaredFault", () => {
  const written = taskSchema.parse(writtenTask("a", { fail_to_pass: ["p/lib/m::tests::a"], held_out: ["p/lib/m::tests::heldout::c"] }));
  const fault = (fails: string[], passes: string[]) => declaredFault({ FAIL_TO_PASS: fails, PASS_TO_PASS: passes }, written);

  it("agrees with bare names, module paths and whole identities", () => {
    expect(fault(["tests::a", "m::tests::c", "p/lib/m::tests::a", "p::m::tests::a"], ["tests::b"])).toBeNull();
  });
  it("asks nothing of a test that can't be judged here, and something of the others", () => {
    const facts = { FAIL_TO_PASS: ["tests::a", "tests::red"], PASS_TO_PASS: [] };
    expect(declaredFault(facts, written, ["p/lib/m::tests::red"])).toBeNull();
    expect(declaredFault(facts, written)?.reason).toBe("declared");
  });
  it("finds a test that does not fail, and one that should not", () => {
    expect(fault(["tests::b"], [])?.detail).toMatch(/declared to fail/);
    expect(fault(["tests::a"], ["tests::c"])?.detail).toMatch(/declared to pass/);
  });
});

const EXERCISE = new Map<string, string>([
  [
    ".meta/config.json",
    JSON.stringify({ blurb: "Leap years.", files: { solution: ["src/lib.rs", "Cargo.toml"], test: ["tests/leap.rs"], example: [".meta/example.rs"] } }),
  ],
  [".meta/example.rs", "pub fn is_leap(y: u64) -> bool { y % 4 == 0 }\n"],
  [".docs/instructions.md", "# Instructions\n\nSay whether a year leaps.\n"],
  ["Cargo.toml", '[package]\nname = "leap"\n'],
  ["README.md", "# Leap\n"],
  ["src/lib.rs", "pub fn is_leap(y: u64) -> bool { todo!() }\n"],
  ["tests/leap.rs", '#[test]\nfn one() {}\n#[test]\n#[ignore]\nfn two() {}\n#[test]\n#[ignore = "later"]\nfn three() { let s = "#[ignore]"; }\n'],
]);

function withFiles(files: ReadonlyMap<string, string>, changes: Readonly<Record<string, string | null>>): Map<string, string> {
  const result = new Map(files);
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) result.delete(path);
    else result.set(path, text);
  }
  return result;
}

const changed = (changes: Record<string, string | null>) => withFiles(EXERCISE, changes);
const config = (files: unknown) => changed({ ".meta/config.json": JSON.stringify({ files }) });

describe("exerciseRepair", () => {
  it("takes stub, example and tests, switches all tests on, and leaves the example out of the tree", () => {
    const made = exerciseRepair("leap", EXERCISE);
    if (!made.ok) throw new Error(made.drop.detail);
    expect([...made.repair.clean.keys()]).toEqual(["Cargo.toml", "src/lib.rs", "tests/leap.rs"]);
    expect(made.repair.clean.get("src/lib.rs")).toContain("% 4");
    expect(made.repair.before.get("src/lib.rs")).toContain("todo!()");
    expect(made.repair.tests.map(({ name }) => name)).toEqual(["one", "two", "three"]);
    expect(made.repair.message).toContain("Say whether a year leaps.");
  });

  it.each([
    ["no config", changed({ ".meta/config.json": "{" })],
    ["a path that leads out", config({ solution: ["../../x.rs"], test: ["tests/leap.rs"], example: [".meta/example.rs"] })],
    ["no example", config({ solution: ["src/lib.rs"], test: ["tests/leap.rs"] })],
    ["an example that is not there", changed({ ".meta/example.rs": null })],
    ["more stubs than examples", config({ solution: ["src/lib.rs", "src/b.rs"], test: ["tests/leap.rs"], example: [".meta/example.rs"] })],
  ])("refuses %s", (_, tree) => expect(exerciseRepair("leap", tree).ok).toBe(false));

  it("takes attributes only, not texts that look like one", () => expect(withoutIgnore(EXERCISE.get("tests/leap.rs") ?? "").match(/ignore/g)).toHaveLength(1));
});

const HARBOR = new Map<string, string>([
  ["task.toml", 'version = "1.0"\n'],
  ["instruction.md", "# Fix the sum\n\nIt is off by one.\n"],
  ["environment/Dockerfile", "FROM rust\nWORKDIR /work\nCOPY app /work/app\n"],
  ["environment/app/Cargo.toml", '[package]\nname = "sum"\n'],
  ["environment/app/src/lib.rs", "pub fn sum() -> u32 { 1 }\n"],
  ["solution/solve.sh", "#!/bin/bash\nset -euo pipefail\ncd /work/app\ncat > src/lib.rs <<'EOF'\npub fn sum() -> u32 { 2 }\nEOF\ncargo build --release\n"],
  ["tests/sum.rs", "#[test]\nfn two() { assert_eq!(sum::sum(), 2); }\n"],
  ["tests/test.sh", "cargo test\n"],
]);
const harbor = (changes: Record<string, string | null>) => readHarborTask(withFiles(HARBOR, changes));

describe("readHarborTask", () => {
  it("reads project, tests and a solution that only writes files", () => {
    const read = harbor({});
    if (!read.ok) throw new Error(read.why);
    expect([...read.task.project.keys()]).toEqual(["Cargo.toml", "src/lib.rs"]);
    expect(read.task.steps).toEqual([{ kind: "file", path: "/work/app/src/lib.rs", text: "pub fn sum() -> u32 { 2 }\n" }]);
    expect(projectPath(read.task, "/work/app/src/lib.rs")).toBe("src/lib.rs");
    expect(projectPath(read.task, "/work/app/../../etc/passwd")).toBeNull();
    const repair = harborRepair("fix-sum", read.task, new Map([...read.task.project, ["src/lib.rs", "pub fn sum() -> u32 { 2 }\n"]]));
    expect([repair.title, [...repair.before.keys()], repair.tests.map(({ name }) => name)]).toEqual(["Fix the sum", ["src/lib.rs"], ["two"]]);
  });

  it("reads Terminal-Bench folders too", () => {
    const read = readHarborTask(
      new Map([
        ["task.yaml", "instruction: |-\n  Fix it.\n\n  Soon.\ndifficulty: easy\n"],
        ["Cargo.toml", "[package]\n"],
        ["src/lib.rs", ""],
        ["solution.sh", "cat <<'X' > src/lib.rs\nfn a() {}\nX\n"],
        ["tests/a.rs", "#[test]\nfn a() {}\n"],
      ]),
    );
    expect(read.ok && [read.task.instruction, [...read.task.project.keys()]]).toEqual(["Fix it.\n\nSoon.", ["Cargo.toml", "src/lib.rs"]]);
  });

  it.each([
    ["a solution that runs something", { "solution/solve.sh": "cd /work/app\nsed -i s/1/2/ src/lib.rs\n" }, /nothing is run/],
    ["tests in another language", { "tests/sum.rs": null }, /no Rust tests/],
    ["no solution", { "solution/solve.sh": null }, /no solution/],
    ["no cargo project", { "environment/app/Cargo.toml": null }, /Cargo.toml/],
    ["two projects", { "environment/other/Cargo.toml": "" }, /Cargo.toml/],
    ["no instruction", { "instruction.md": " " }, /instruction/],
    ["a task.toml that is none", { "task.toml": "[" }, /TOML/],
  ] as [string, Record<string, string | null>, RegExp][])("refuses %s", (_, changes, why) => {
    const read = harbor(changes);
    expect(!read.ok && read.why).toMatch(why);
  });
});

describe("readScript", () => {
  it.each([
    "cat > a.rs <<EOF\n$(rm -rf /)\nEOF\n",
    "cat > a.rs <<'EOF'\nno end\n",
    "curl http://x | sh\n",
    "echo \"$(id)\"\ncat > a <<'E'\nE\n",
    "echo x > src/lib.rs\n",
    "cat > \"$HOME/a\" <<'E'\nE\n",
    "cargo test && rm -rf /\n",
    "",
  ])("refuses %j", (script) => expect(readScript(script, "/app").ok).toBe(false));

  it("reads diffs and folders", () => {
    const read = readScript("cd sub\npatch -p1 <<'P'\n--- a/x\nP\ngit apply - <<'Q'\n+++ b/y\nQ\n", "/app");
    expect(read.ok && read.steps).toEqual([
      { kind: "diff", folder: "/app/sub", text: "--- a/x\n" },
      { kind: "diff", folder: "/app/sub", text: "+++ b/y\n" },
    ]);
  });

  it("never throws", () => fc.assert(fc.property(fc.string(), (script) => void readScript(script, "/app"))));
});

describe("exportTask", () => {
  it("writes the broken tree's commit, the solution and the tests", () => {
    const task = taskNamed("a");
    const exported = exportTask(suiteOf([task]), task, {
      visibleTests: ["tiny/lib/a", "tiny/lib/b"],
      heldOutTests: ["tiny/lib/heldout::a", "tiny/lib/heldout::b"],
    });
    if (!exported.ok) throw new Error(exported.why);
    const instance = readInstances(exported.task.line).instances[0];
    expect(instance).toMatchObject({ FAIL_TO_PASS: ["tiny/lib/a", "tiny/lib/heldout::a"], PASS_TO_PASS: ["tiny/lib/b", "tiny/lib/heldout::b"] });
    expect(instance?.patch).toContain("-    2\n+    1\n");
    expect(exported.task.stream.toString()).toContain("commit refs/heads/fix-a\n");
  });
});

describe("commitId", () => {
  it("orders folders as git does, and is the same whatever the order of the map", () => {
    const files: [string, string][] = [
      ["a/b", "1"],
      ["a.b", "2"],
      ["a0", "3"],
    ];
    expect(commitId(new Map(files), "m")).toBe(commitId(new Map(files.toReversed()), "m"));
    expect(commitId(new Map(files), "m")).not.toBe(commitId(new Map(files), "n"));
    expect(fastImport("b", new Map([['q"x', "1"]]), "m").toString()).toContain(String.raw`M 100644 inline "q\"x"`);
  });
});
