// Loading suites and policies from their folders: every issue at once, each at its file, line and column.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPolicy } from "../../../../src/adapters/policies/policy-files.ts";
import { findSuite, listSuiteFolders, loadSuite } from "../../../../src/adapters/suites/suite-files.ts";
import { readTree } from "../../../../src/adapters/files/tree-files.ts";
import { WrittenFileError } from "../../../../src/core/base/errors.ts";

const root = await mkdtemp(join(tmpdir(), "bakeoff-suite-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const SUITE = 'format = 1\nname = "small"\nversion = "1.0.0"\ndescription = "Small."\ndependencies = "none"\n\n[[base]]\nname = "main"\npath = "base"\n';
const TASK = `format = 1
id = "fix-a"
title = "Fix a"
kind = "test"
risk = "low"
area = "logic"
instruction = "Right it."
editable = ["src/a.rs"]
fail_to_pass = ["small/lib/a"]
held_out = ["small/lib/heldout::a"]

[[break]]
path = "src/a.rs"
search = "1"
replace = "2"
`;
const FILES: Readonly<Record<string, string | null>> = {
  "suite.toml": SUITE,
  "base/Cargo.toml": "[package]\n",
  "base/Cargo.lock": "version = 4\n",
  "base/src/a.rs": "fn a() { 1 }\n",
  "tasks/fix-a.toml": TASK,
};

let count = 0;
async function laid(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const folder = join(root, String((count += 1)), "small");
  for (const [path, content] of Object.entries({ ...FILES, ...changes })) {
    if (content === null) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function issuesOf(folder: string): Promise<string[]> {
  const thrown: unknown = await loadSuite(folder).then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown === null) return [];
  expect(thrown).toBeInstanceOf(WrittenFileError);
  return (thrown as WrittenFileError).issues.map(({ path, line, column }) => `${relative(folder, join(process.cwd(), path))}:${line}:${column}`);
}

const IMPOSSIBLE = SUITE.replace("format = 1\n", 'format = 1\nkind = "impossible"\n').replace(
  'path = "base"\n',
  'path = "base"\ncontradictory = ["small/lib/b"]\n',
);
const CHEATED = `${TASK.replace(/^held_out.*\n/m, "")}\n[[cheat]]\npath = "src/a.rs"\nsearch = "2"\nreplace = "3"\n`;

describe("loadSuite", () => {
  it("loads an impossible suite, whose tasks have a cheat and nothing held out", async () => {
    const suite = await loadSuite(await laid({ "suite.toml": IMPOSSIBLE, "tasks/fix-a.toml": CHEATED }));
    expect([suite.kind, suite.tasks[0]?.cheat?.length, suite.tasks[0]?.heldOut, suite.bases[0]?.contradictory]).toEqual(["impossible", 1, [], ["small/lib/b"]]);
    expect((await loadSuite(await laid())).kind).toBeUndefined();
  });

  it("loads what is right", async () => {
    const suite = await loadSuite(await laid());
    expect([suite.name, suite.tasks.map(({ id }) => id), suite.bases[0]?.tree.size]).toEqual(["small", ["fix-a"], 3]);
  });

  it("gives the same root for the same files in another folder, and another for other files", async () => {
    const roots = await Promise.all(
      [laid(), laid(), laid({ "base/src/a.rs": "fn a() { 1 } //\n" }), laid({ "tasks/fix-a.toml": TASK.replace("Right", "Write") })].map(
        async (folder) => (await loadSuite(await folder)).root,
      ),
    );
    expect(roots[1]).toBe(roots[0]);
    expect(new Set(roots).size).toBe(3);
  });

  const CASES: readonly [string, Readonly<Record<string, string | null>>, readonly string[]][] = [
    ["a name that is not the folder's", { "suite.toml": SUITE.replace('"small"', '"other"') }, ["suite.toml:1:1"]],
    ["another kind of suite", { "suite.toml": SUITE.replace("format = 1\n", 'format = 1\nkind = "easy"\n') }, ["suite.toml:2:1"]],
    ["an ordinary task in an impossible suite", { "suite.toml": IMPOSSIBLE }, ["tasks/fix-a.toml:1:1"]],
    ["a cheat in an ordinary suite", { "tasks/fix-a.toml": CHEATED }, ["tasks/fix-a.toml:1:1"]],
    ["contradictory tests in an ordinary suite", { "suite.toml": IMPOSSIBLE.replace(/^kind.*\n/m, "") }, ["suite.toml:1:1"]],
    ["no contradictory test", { "suite.toml": IMPOSSIBLE.replace(/^contradictory.*\n/m, ""), "tasks/fix-a.toml": CHEATED }, ["suite.toml:1:1"]],
    [
      "a cheat with held-out tests",
      { "suite.toml": IMPOSSIBLE, "tasks/fix-a.toml": CHEATED.replace("\n[[break]]", 'held_out = ["x"]\n\n[[break]]') },
      ["tasks/fix-a.toml:10:1"],
    ],
    ["a task without held-out tests", { "tasks/fix-a.toml": TASK.replace(/^held_out.*\n/m, "") }, ["tasks/fix-a.toml:1:1"]],
    [
      "a cheat that does not fit",
      { "suite.toml": IMPOSSIBLE, "tasks/fix-a.toml": CHEATED.replace('"3"', '"3"').replace('search = "2"', 'search = "9"') },
      ["tasks/fix-a.toml:16:1"],
    ],
    ["a lock file that is not there", { "base/Cargo.lock": null }, ["base/Cargo.lock:1:1"]],
    ["a manifest that is not there", { "base/Cargo.toml": null }, ["base/Cargo.toml:1:1"]],
    ["no tasks", { "tasks/fix-a.toml": null }, ["tasks:1:1"]],
    ["an id that is not the file's", { "tasks/fix-a.toml": null, "tasks/fix-b.toml": TASK }, ["tasks/fix-b.toml:2:1"]],
    ["a base there is none of", { "tasks/fix-a.toml": TASK.replace("risk", 'base = "none"\nrisk') }, ["tasks/fix-a.toml:5:1"]],
    ["a break that does not fit", { "tasks/fix-a.toml": TASK.replace('search = "1"', 'search = "7"') }, ["tasks/fix-a.toml:12:1"]],
    ["what is not TOML", { "tasks/fix-a.toml": "format = 1\nid == 2\n" }, ["tasks/fix-a.toml:2:5"]],
    ["an empty file", { "tasks/fix-a.toml": "" }, Array.from({ length: 10 }, () => "tasks/fix-a.toml:1:1")],
  ];
  for (const [name, changes, places] of CASES) it(`shows ${name}`, async () => expect(await issuesOf(await laid(changes))).toEqual(places));

  it("shows everything in every file at once, in order, even where suite.toml itself is wrong", async () => {
    const wrong = {
      "tasks/fix-a.toml": TASK.replace('"low"', '"medium"').replace("[[break]]", "[[break]]\ncolour = 1"),
      "tasks/fix-b.toml": TASK.replace('"test"', '"x"'),
      "base/Cargo.lock": null,
    };
    expect(await issuesOf(await laid(wrong))).toEqual(["base/Cargo.lock:1:1", "tasks/fix-a.toml:5:1", "tasks/fix-a.toml:13:1", "tasks/fix-b.toml:4:1"]);
    expect(await issuesOf(await laid({ ...wrong, "suite.toml": SUITE.replace("1.0.0", "one") }))).toEqual([
      "suite.toml:3:1",
      "tasks/fix-a.toml:5:1",
      "tasks/fix-a.toml:13:1",
      "tasks/fix-b.toml:4:1",
    ]);
  });

  it("shows links in a base, wherever they lead, and a task that is a folder", async () => {
    const folder = await laid();
    await symlink("/etc/passwd", join(folder, "base/src/passwd"));
    await symlink("a.rs", join(folder, "base/src/inner.rs"));
    await symlink("/etc", join(folder, "base/etc"));
    await mkdir(join(folder, "tasks/folder.toml"));
    expect((await issuesOf(folder)).toSorted()).toEqual(["base/etc:1:1", "base/src/inner.rs:1:1", "base/src/passwd:1:1", "tasks/folder.toml:1:1"]);
  });

  it("shows a base folder that is not there", async () => {
    const folder = await laid({ "suite.toml": SUITE.replace('path = "base"', 'path = "elsewhere"') });
    expect(await issuesOf(folder)).toContain("elsewhere:1:1");
  });
});

describe("findSuite", () => {
  it("finds a folder as such, and a name below the suite folders", async () => {
    const folder = await laid();
    expect(await findSuite(folder, [])).toBe(folder);
    expect(await findSuite("small", [join(root, "none"), dirname(folder)])).toBe(folder);
    expect(await listSuiteFolders([join(root, "none"), dirname(folder)])).toEqual([folder]);
  });

  it("names the nearest where there is none", async () => {
    const folder = await laid();
    await expect(findSuite("smal", [dirname(folder)])).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("small") as string });
  });
});

describe("readTree", () => {
  it("takes plain files in path order, texts as texts and other bytes as bytes, and leaves build folders out", async () => {
    const folder = await laid({
      "base/target/x": "built",
      "base/node_modules/.package-lock.json": "{}",
      "base/.git/z": "z",
      "base/src/target/mod.rs": "m",
      "base/src/target.rs": "t",
      "base/.hidden": "h",
    });
    await writeFile(join(folder, "base/logo.png"), Buffer.of(0xff, 0));
    const { tree, issues } = await readTree(join(folder, "base"));
    expect([...tree.keys()]).toEqual([".hidden", "Cargo.lock", "Cargo.toml", "logo.png", "src/a.rs", "src/target.rs", "src/target/mod.rs"]);
    expect(tree.get("logo.png")).toBeInstanceOf(Uint8Array);
    expect(issues).toEqual([]);
  });

  it("shows names that can't be used", async () => {
    const folder = await laid({ "base/back\\slash.rs": "x", "base/line\nend.rs": "y" });
    expect((await readTree(join(folder, "base"))).issues).toHaveLength(2);
  });
});

describe("loadPolicy", () => {
  it("names a policy that is not there as wrong usage, and missing candidates beside what is wrong with the policy", async () => {
    await expect(loadPolicy(join(root, "none.toml"), "")).rejects.toMatchObject({ code: "usage" });
    await writeFile(join(root, "alone.toml"), "");
    await expect(loadPolicy(join(root, "alone.toml"), "")).rejects.toMatchObject({ code: "written-file" });
  });

  it("compiles to the same hash wherever the files lie", async () => {
    const here = await loadPolicy(new URL("../../../../policy/model_policy.toml", import.meta.url).pathname, "2026-01-01T00:00:00.000Z");
    expect(here.source_files.map(({ path }) => path)).toEqual(["policy/model_policy.toml", "policy/candidates.toml"]);
    expect(here.created_at).toBe("2026-01-01T00:00:00.000Z");
  });
});
