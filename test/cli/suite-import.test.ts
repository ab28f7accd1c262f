// `suite import` and `suite export` as a user calls them: what can be taken is proved, what can't is listed.
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { folderDigest, git } from "../history/git-history.ts";
import { scratch } from "../setup/scratch.ts";
import { bakeoff } from "./bakeoff.ts";
import { layTinySuite } from "./tiny-suite.ts";

const importedSchema = z.object({
  tasks: z.array(z.object({ origin: z.string(), kind: z.string(), failToPass: z.number(), heldOut: z.number() })),
  dropped: z.array(z.object({ name: z.string(), reason: z.string(), detail: z.string() })),
});

let work: string;
let cache: string;
const call = (args: readonly string[]) => bakeoff(["suite", ...args], { cwd: work, env: { BAKEOFF_CACHE: cache } });

async function lay(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), text);
  }
}

beforeAll(async () => {
  work = await scratch();
  cache = await scratch();
}, 300_000);

describe("SWE-bench lines", () => {
  it("go out with their commits and come back as the same tasks", async () => {
    await layTinySuite(join(work, "suites"));
    const out = await call(["export", "tiny", "--json"]);
    expect(out.code).toBe(0);
    expect(JSON.parse(out.stdout)).toMatchObject({ exported: 3, refused: [] });
    git(work, ["init", "-q", "repository"]);
    git(join(work, "repository"), ["fast-import", "--quiet"], undefined, await readFile(join(work, "exports", "tiny", "repository.fast-import")));
    const lines = (await readFile(join(work, "exports", "tiny", "tasks.jsonl"), "utf8")).trim().split("\n");
    const line = z.looseObject({ base_commit: z.string(), patch: z.string() }).parse(JSON.parse(lines[0] ?? ""));
    const hostile = [
      { ...line, instance_id: "leads-out", patch: "--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n" },
      { ...line, instance_id: "no-such-commit", base_commit: "f".repeat(40) },
      { ...line, instance_id: "does-not-apply", patch: "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1 +1 @@\n-nothing like it\n+x\n" },
      { ...line, instance_id: "declares-too-much", FAIL_TO_PASS: ["tiny/lib/name::tests::greets"] },
      { instance_id: "half" },
    ];
    await lay({ "tasks.jsonl": [...lines, ...hostile.map((item) => JSON.stringify(item)), "{"].join("\n") });
    const before = await folderDigest(join(work, "repository"));
    const back = await call(["import", "--format", "swe-bench", "tasks.jsonl", "--repo", "repository", "--json"]);
    expect(back.code).toBe(0);
    const imported = importedSchema.parse(JSON.parse(back.stdout));
    expect(imported.tasks.map(({ origin, kind }) => [origin, kind])).toEqual([
      ["instance tiny__fix-area", "test"],
      ["instance tiny__fix-count", "test"],
      ["instance tiny__fix-name", "compile"],
    ]);
    expect(Object.fromEntries(imported.dropped.map(({ name, reason }) => [name, reason]))).toEqual({
      half: "shape",
      "line 9": "shape",
      "leads-out": "shape",
      "no-such-commit": "declared",
      "does-not-apply": "shape",
      "declares-too-much": expect.stringMatching(/declared|not-broken|one-sided/),
    });
    expect(await folderDigest(join(work, "repository"))).toBe(before);
    expect((await call(["validate", "tasks-imported", "--repeats", "1"])).code).toBe(0);
  });

  it("need a repository, and a file", async () => {
    expect((await call(["import", "--format", "swe-bench", "tasks.jsonl"])).code).toBe(2);
    expect((await call(["import", "--format", "swe-bench", "nothing.jsonl", "--repo", "repository", "--name", "x"])).code).toBe(2);
    expect((await call(["import", "--format", "parquet", "tasks.jsonl"])).code).toBe(2);
  });
});

describe("Exercism exercises", () => {
  it("are proved, with all their tests switched on; what has no example is listed", async () => {
    const test = (name: string, year: number, leaps: boolean, ignore: string) =>
      `#[test]\n${ignore}fn ${name}() {\n    assert_eq!(leap::is_leap_year(${year}), ${leaps});\n}\n`;
    await lay({
      "track/leap/.meta/config.json": JSON.stringify({
        blurb: "Which years leap.",
        files: { solution: ["src/lib.rs", "Cargo.toml"], test: ["tests/leap.rs"], example: [".meta/example.rs"] },
      }),
      "track/leap/.meta/example.rs": "pub fn is_leap_year(year: u64) -> bool {\n    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)\n}\n",
      "track/leap/.docs/instructions.md": "# Instructions\n\nSay whether a year leaps.\n",
      "track/leap/Cargo.toml": '[package]\nname = "leap"\nversion = "1.6.0"\nedition = "2021"\n',
      "track/leap/src/lib.rs": 'pub fn is_leap_year(year: u64) -> bool {\n    todo!("does {year} leap?")\n}\n',
      "track/leap/tests/leap.rs": test("four", 1996, true, "") + test("hundred", 1900, false, "#[ignore]\n") + test("thousands", 2000, true, "#[ignore]\n"),
      "track/bare/.meta/config.json": JSON.stringify({ files: { solution: ["src/lib.rs"], test: ["tests/a.rs"] } }),
      "track/linked/.meta/config.json": "{}",
    });
    await symlink("/etc/passwd", join(work, "track", "linked", "secret"));
    const ended = await call(["import", "--format", "exercism", "track", "--json"]);
    expect(ended.code).toBe(0);
    const imported = importedSchema.parse(JSON.parse(ended.stdout));
    expect(imported.tasks).toMatchObject([{ origin: "exercise leap", kind: "test", failToPass: 2, heldOut: 1 }]);
    expect(imported.dropped.map(({ name, reason, detail }) => [name, reason, detail])).toEqual([
      ["linked", "shape", "secret is a link or a device"],
      ["bare", "shape", "it has no example"],
    ]);
  });
});

describe("Harbor folders", () => {
  it("are proved where they are cargo projects with Rust tests and a readable solution", async () => {
    const lib = (body: string) => `pub fn middle(a: i64, b: i64) -> i64 {\n    ${body}\n}\n`;
    const task = (name: string, files: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`bench/${name}/${path}`, text]));
    const common = {
      "task.toml": 'version = "1.0"\n[metadata]\ndifficulty = "easy"\n',
      "instruction.md": "The middle of two numbers is wrong.\n",
      "environment/Dockerfile": "FROM rust:1\nWORKDIR /app\nCOPY . /app\n",
      "environment/Cargo.toml": '[package]\nname = "middle"\nversion = "0.1.0"\nedition = "2021"\n',
      "environment/src/lib.rs": lib("a + b / 2"),
    };
    const tests = "#[test]\nfn of_even() {\n    assert_eq!(middle::middle(2, 4), 3);\n}\n#[test]\nfn of_odd() {\n    assert_eq!(middle::middle(3, 5), 4);\n}\n";
    await lay({
      ...task("fix-middle", {
        ...common,
        "tests/middle.rs": tests,
        "solution/solve.sh": `#!/bin/bash\ncat > /app/src/lib.rs <<'EOF'\n${lib("(a + b) / 2")}EOF\n`,
      }),
      ...task("patched", {
        ...common,
        "tests/middle.rs": tests,
        "solution/fix.patch":
          "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1,3 +1,3 @@\n pub fn middle(a: i64, b: i64) -> i64 {\n-    a + b / 2\n+    (a + b) / 2\n }\n",
      }),
      ...task("runs-things", { ...common, "tests/middle.rs": tests, "solution/solve.sh": "sed -i 's/a + b/(a + b)/' src/lib.rs\n" }),
      ...task("in-python", { ...common, "tests/test_outputs.py": "def test(): pass\n", "solution/solve.sh": "true\n" }),
    });
    const ended = await call(["import", "--format", "harbor", "bench", "--json"]);
    expect(ended.code).toBe(0);
    const imported = importedSchema.parse(JSON.parse(ended.stdout));
    expect(imported.tasks.map(({ origin }) => origin)).toEqual(["folder fix-middle", "folder patched"]);
    expect(imported.dropped.map(({ name }) => name)).toEqual(["in-python", "runs-things"]);
  });

  it("of which none can be taken end with the reasons", async () => {
    await mkdir(join(work, "empty"));
    const ended = await call(["import", "--format", "harbor", "empty"]);
    expect([ended.code, ended.stdout]).toEqual([2, ""]);
    expect(ended.stderr).toMatch(/it holds no task/);
  });
});
