// Suites and tasks: their form, each way in which a task does not fit its base, and hashes over content.
import { describe, expect, it } from "vitest";
import { suiteSchema, taskSchema } from "../../../../src/core/suite/schema.ts";
import { type Base, baseDigest, brokenTree, mayEdit, resolveTask, suiteRoot, treeDigest } from "../../../../src/core/suite/suite.ts";
import { base, taskNamed, writtenTask } from "../../run/fakes.ts";

const DEFAULTS = { compile_timeout_s: 60, test_timeout_s: 20 };
type Facts = Readonly<Record<string, unknown>>;

const formFaults = (facts: Facts): string[] => {
  const parsed = taskSchema.safeParse(writtenTask("a", facts));
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
};
const fitFaults = (facts: Facts, on: Base = base): string[] =>
  resolveTask(taskSchema.parse(writtenTask("a", facts)), on, DEFAULTS).faults.map(({ key }) => key.map(String).join("."));

const EDIT = { path: "src/a.rs", search: "    1\n", replace: "    2\n" };

describe("a task's form", () => {
  const CASES: readonly [string, Facts, readonly string[]][] = [
    ["nothing wrong", {}, []],
    ["another format", { format: 2 }, ["format"]],
    ["an id with capitals", { id: "Fix" }, ["id"]],
    ["an id with a slash", { id: "a/b" }, ["id"]],
    ["an id with dots", { id: ".." }, ["id"]],
    ["no title", { title: "" }, ["title"]],
    ["a title too long", { title: "x".repeat(121) }, ["title"]],
    ["a kind there is none of", { kind: "lint" }, ["kind"]],
    ["a risk there is none of", { risk: "medium" }, ["risk"]],
    ["an area there is none of", { area: "magic" }, ["area"]],
    ["an instruction too long", { instruction: "x".repeat(4001) }, ["instruction"]],
    ["nothing editable", { editable: [] }, ["editable"]],
    ["nothing that is to pass", { fail_to_pass: [] }, ["fail_to_pass"]],
    ["no held-out test", { held_out: [] }, ["held_out"]],
    ["no break", { break: [] }, ["break"]],
    ["an empty glob", { editable: [""] }, ["editable.0"]],
    ["a break that climbs out", { break: [{ ...EDIT, path: "../x.rs" }] }, ["break.0.path"]],
    ["an absolute break", { break: [{ ...EDIT, path: "/x.rs" }] }, ["break.0.path"]],
    ["a solution that climbs out", { solution: [{ ...EDIT, path: "a/../../x" }] }, ["solution.0.path"]],
    ["an error code that is none", { kind: "compile", error_codes: ["E38"] }, ["error_codes.0"]],
    ["a lint that is an error", { kind: "compile", error_codes: ["E0308", "unused_must_use"] }, []],
    ["a compile task without codes", { kind: "compile" }, ["error_codes"]],
    ["a test task with codes", { error_codes: ["E0308"] }, ["error_codes"]],
    ["a compile task with a code", { kind: "compile", error_codes: ["E0308"] }, []],
    ["a compile task whose error has no code", { kind: "compile", error_codes: ["none"] }, []],
    ["a family", { family: "ring-buffer-2" }, []],
    ["a family with capitals", { family: "Ring" }, ["family"]],
    ["a family that is a path", { family: "src/ring.rs" }, ["family"]],
    ["a family that ends in a dash", { family: "ring-" }, ["family"]],
    ["no time to compile", { compile_timeout_s: 0 }, ["compile_timeout_s"]],
    ["an hour and more", { test_timeout_s: 3601 }, ["test_timeout_s"]],
    ["an unknown key", { colour: "red" }, [""]],
    ["many things", { id: "A", kind: "x", editable: [], colour: 1 }, ["id", "kind", "editable", ""]],
  ];
  for (const [name, facts, paths] of CASES) it(`shows ${name}`, () => expect(formFaults(facts)).toEqual(paths));
});

describe("a suite's form", () => {
  const written = { format: 1, name: "tiny", version: "1.0.0", description: "Tiny.", dependencies: "none", base: [{ name: "main", path: "base" }] };
  const faults = (facts: Facts): string[] => {
    const parsed = suiteSchema.safeParse({ ...written, ...facts });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
  };
  const CASES: readonly [string, Facts, readonly string[]][] = [
    ["nothing wrong", {}, []],
    ["a newer format", { format: 2 }, ["format"]],
    ["a name with a slash", { name: "a/b" }, ["name"]],
    ["a version that is none", { version: "1" }, ["version"]],
    ["no base", { base: [] }, ["base"]],
    ["features of its base", { base: [{ name: "main", path: "base", features: ["wide", "tiny/deep"] }] }, []],
    ["a feature that would be an option", { base: [{ name: "main", path: "base", features: ["--release"] }] }, ["base.0.features.0"]],
    ["packages of its base", { base: [{ name: "main", path: "base", packages: ["tiny", "tiny_derive-2"] }] }, []],
    ["a package that would be an option", { base: [{ name: "main", path: "base", packages: ["--release"] }] }, ["base.0.packages.0"]],
    ["packages, but none", { base: [{ name: "main", path: "base", packages: [] }] }, ["base.0.packages"]],
    ["features, but none", { base: [{ name: "main", path: "base", features: [] }] }, ["base.0.features"]],
    ["a base outside", { base: [{ name: "main", path: "../base" }] }, ["base.0.path"]],
    [
      "a base that is there twice",
      {
        base: [
          { name: "main", path: "a" },
          { name: "main", path: "b" },
        ],
      },
      ["base.1.name"],
    ],
    ["dependencies of another kind", { dependencies: "network" }, ["dependencies"]],
    ["no time at all", { defaults: { test_timeout_s: 0 } }, ["defaults.test_timeout_s"]],
    ["an unknown key", { tasks: [] }, [""]],
  ];
  for (const [name, facts, paths] of CASES) it(`shows ${name}`, () => expect(faults(facts)).toEqual(paths));
  it("fills in what is not said", () => expect(suiteSchema.parse(written)).toMatchObject({ defaults: DEFAULTS, base: [{ hidden: [], protected: [] }] }));
});

describe("resolveTask", () => {
  const hiding: Base = { ...base, hidden: ["src/b.rs"], protected: ["src/c.rs"] };
  const CASES: readonly [string, Facts, readonly string[], Base?][] = [
    ["nothing wrong", {}, []],
    ["a break whose text is not there", { break: [EDIT, { ...EDIT, search: "none" }] }, ["break.1"]],
    ["a break whose text is there twice", { break: [{ ...EDIT, search: "a" }] }, ["break.0"]],
    ["a break of a file that is not there", { break: [{ ...EDIT, path: "src/z.rs" }] }, ["break.0"]],
    ["a break that changes nothing", { break: [{ ...EDIT, replace: "    1\n" }] }, ["break"]],
    ["a break of a manifest", { break: [EDIT, { path: "Cargo.toml", search: "tiny", replace: "big" }] }, ["break", "editable"]],
    [
      "a break of a hidden file",
      { break: [EDIT, { path: "src/b.rs", search: "    1\n", replace: "    2\n" }], editable: ["src/*.rs"] },
      ["break", "editable"],
      hiding,
    ],
    ["a glob that matches no file", { editable: ["src/a.rs", "src/z.rs"] }, ["editable.1"]],
    ["a solution that does not fit", { solution: [{ path: "src/a.rs", search: "none", replace: "1" }] }, ["solution.0"]],
    ["a solution outside what may be edited", { editable: ["src/b.rs"] }, ["editable"]],
    ["a solution in what the base protects", { break: [{ ...EDIT, path: "src/c.rs" }], editable: ["src/c.rs"] }, ["editable"], hiding],
    ["a solution in what the task protects", { protected: ["src/a.rs"] }, ["editable"]],
    ["several at once", { editable: ["src/z.rs"], solution: [{ path: "src/a.rs", search: "none", replace: "1" }] }, ["editable.0", "solution.0"]],
  ];
  for (const [name, facts, keys, on] of CASES) it(`shows ${name}`, () => expect(fitFaults(facts, on)).toEqual(keys));

  it("works out a solution that undoes the break, where none is written", () => {
    const task = taskNamed("a");
    expect(task.solution).toEqual([{ path: "src/a.rs", search: brokenTree(task).get("src/a.rs"), replace: base.tree.get("src/a.rs") }]);
  });

  it("keeps a solution that is written", () => {
    const solution = [{ path: "src/a.rs", search: "    2\n", replace: "    1 + 0\n" }];
    expect(taskNamed("a", { solution }).solution).toEqual(solution);
  });

  it("takes the family that is declared, else the base and the first file that the break edits", () => {
    const two = [{ path: "src/b.rs", search: "    1\n", replace: "    2\n" }, EDIT];
    expect(taskNamed("a", { family: "ring-buffer" }).family).toBe("ring-buffer");
    expect(taskNamed("a").family).toBe(`${base.name}/src/a.rs`);
    expect(taskNamed("a", { break: two, editable: ["src/*.rs"] }).family).toBe(`${base.name}/src/a.rs`);
  });

  it("fills in the suite's time limits", () => {
    expect(taskNamed("a")).toMatchObject({ compileTimeoutS: 60, testTimeoutS: 20 });
    expect(taskNamed("a", { compile_timeout_s: 5 })).toMatchObject({ compileTimeoutS: 5, testTimeoutS: 20 });
  });

  it("breaks only what the break names, and leaves the base as it was", () => {
    const before = new Map(base.tree);
    const tree = brokenTree(taskNamed("a"));
    expect([...tree].filter(([path, content]) => base.tree.get(path) !== content).map(([path]) => path)).toEqual(["src/a.rs"]);
    expect(base.tree).toEqual(before);
  });
});

describe("what a patch may change", () => {
  const may = mayEdit(taskNamed("a", { editable: ["**"], protected: ["src/b.rs"] }));
  for (const path of ["src/a.rs", "src/new.rs", "src/deep/er.rs"]) it(`is ${path}`, () => expect(may(path)).toBe(true));
  for (const path of [
    "Cargo.toml",
    "Cargo.lock",
    "crates/x/Cargo.toml",
    "build.rs",
    "crates/x/build.rs",
    ".cargo/config.toml",
    "x/.cargo/config",
    "rust-toolchain",
    "rust-toolchain.toml",
    "tests/x.rs",
    "crates/x/tests/y/z.rs",
    "benches/b.rs",
    "clippy.toml",
    ".clippy.toml",
    "rustfmt.toml",
    "src/b.rs",
  ]) {
    it(`is never ${path}`, () => expect(may(path)).toBe(false));
  }
});

describe("hashes of suites", () => {
  const root = (facts: Facts = {}, on: Base = base) => {
    const { task } = resolveTask(taskSchema.parse(writtenTask("a", facts)), on, DEFAULTS);
    const written = suiteSchema.parse({
      format: 1,
      name: "tiny",
      version: "1.0.0",
      description: "Tiny.",
      dependencies: "none",
      base: [{ name: "main", path: "base" }],
    });
    return suiteRoot(written, [on], task ? [task] : []);
  };

  it("are the same for the same content", () => expect(root()).toBe(root()));

  it("differ for any change of a task or a base", () => {
    const changed: Base = { ...base, tree: new Map([...base.tree, ["src/d.rs", "// other\n"]]), digest: "" };
    const roots = [
      root(),
      root({ title: "Other" }),
      root({ instruction: "Other." }),
      root({ held_out: ["x"] }),
      root({ test_timeout_s: 21 }),
      root({}, { ...changed, digest: treeDigest(changed.tree) }),
    ];
    expect(new Set(roots).size).toBe(roots.length);
  });

  it("of a base tell features apart, and are those of the tree where there are none", () => {
    const digests = [[], ["a"], ["b", "a"], ["*"]].map((features) => baseDigest(base.tree, { features }));
    expect(new Set(digests).size).toBe(4);
    expect(digests[0]).toBe(treeDigest(base.tree));
    expect(baseDigest(base.tree, { features: ["a", "b"] })).toBe(digests[2]);
    // Old bases keep their digest; what is set aside changes how a base is judged.
    expect(baseDigest(base.tree, { aside: [], warn: [] })).toBe(treeDigest(base.tree));
    expect(baseDigest(base.tree, { aside: ["x"] })).not.toBe(treeDigest(base.tree));
    expect(baseDigest(base.tree, { aside: ["y", "x"] })).toBe(baseDigest(base.tree, { aside: ["x", "y"] }));
    expect(baseDigest(base.tree, { aside: ["x"] })).not.toBe(baseDigest(base.tree, { warn: ["x"] }));
  });

  it("of a tree go by path and content, not by the order they came in", () => {
    const entries = [...base.tree];
    expect(treeDigest(new Map(entries.toReversed()))).toBe(treeDigest(new Map(entries)));
    expect(treeDigest(new Map([["a", "b"]]))).not.toBe(treeDigest(new Map([["b", "a"]])));
    expect(treeDigest(new Map([["a", "é"]]))).toBe(treeDigest(new Map([["a", Buffer.from("é")]])));
  });
});
