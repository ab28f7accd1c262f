// The diff tool's contract: what a model's unified diff may do to text files, and what it may not.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gitDiffTool } from "../../src/adapters/git/diff-tool.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/** Git's form of a new file that is not text: deflated, in base 85. */
function binaryPatch(path: string, content: Buffer): string {
  const packed = deflateSync(content);
  let text = String.fromCodePoint(packed.length + 64);
  for (let start = 0; start < packed.length; start += 4) {
    let word = Array.from({ length: 4 }, (_, index) => packed[start + index] ?? 0).reduce((sum, byte) => sum * 256 + byte, 0);
    const digits = Array.from({ length: 5 }, () => {
      const digit = ALPHABET[word % 85] ?? "";
      word = Math.floor(word / 85);
      return digit;
    });
    text += digits.toReversed().join("");
  }
  const id = createHash("sha1").update(`blob ${content.length}\u0000`).update(content).digest("hex");
  return `diff --git a/${path} b/${path}\nnew file mode 100644\nindex ${"0".repeat(40)}..${id}\nGIT binary patch\nliteral ${content.length}\n${text}\n\n`;
}

const diffTool = gitDiffTool(new AbortController().signal);
const tool = { apply: (laid: ReadonlyMap<string, string>, text: string) => diffTool.apply(laid, text, "tolerant") };
const files = new Map([
  ["src/a.rs", "fn a() -> u32 {\n    1\n}\n\nfn b() -> u32 {\n    2\n}\n"],
  ["src/crlf.rs", "fn c() -> u32 {\r\n    3\r\n}\r\n"],
  ["src/bare.rs", "fn d() {}"],
  ["target/kept.rs", "// not built by us\n"],
]);

const diff = (path: string, body: string): string => `--- a/${path}\n+++ b/${path}\n${body}`;
const HUNK = "@@ -1,3 +1,3 @@\n fn a() -> u32 {\n-    1\n+    10\n }\n";
const CHANGED = "fn a() -> u32 {\n    10\n}\n\nfn b() -> u32 {\n    2\n}\n";

describe("diffs that apply", () => {
  it("changes only the file that it names", async () => {
    expect(await tool.apply(files, diff("src/a.rs", HUNK))).toEqual({ ok: true, changes: new Map([["src/a.rs", CHANGED]]) });
  });

  it("bears a missing last line end, a missing git header and one that is there", async () => {
    const head = "diff --git a/src/a.rs b/src/a.rs\nindex 1111111..2222222 100644\n";
    for (const text of [diff("src/a.rs", HUNK).trimEnd(), head + diff("src/a.rs", HUNK)]) expect(await tool.apply(files, text)).toMatchObject({ ok: true });
  });

  it("bears wrong line counts", async () => {
    for (const counts of ["@@ -1,9 +1,2 @@", "@@ -1 +1 @@", "@@ -1,3 +1,30 @@"]) {
      expect(await tool.apply(files, diff("src/a.rs", HUNK.replace("@@ -1,3 +1,3 @@", counts)))).toEqual({
        ok: true,
        changes: new Map([["src/a.rs", CHANGED]]),
      });
    }
  });

  it("finds a hunk that is not where it says", async () => {
    expect(await tool.apply(files, diff("src/a.rs", HUNK.replace("-1,3 +1,3", "-3,3 +3,3")))).toMatchObject({ ok: true });
  });

  it("bears other white space in the context", async () => {
    expect(await tool.apply(files, diff("src/a.rs", HUNK.replace(" fn a() -> u32 {", " fn  a()  ->  u32 {")))).toMatchObject({ ok: true });
  });

  it("changes a file with CRLF line ends, by either kind of diff", async () => {
    for (const end of ["\r\n", "\n"]) {
      const body = `@@ -1,3 +1,3 @@\n fn c() -> u32 {${end}-    3${end}+    30${end} }${end}`;
      const applied = await tool.apply(files, diff("src/crlf.rs", body));
      expect(applied.ok && applied.changes.get("src/crlf.rs")).toBe("fn c() -> u32 {\r\n    30\r\n}\r\n");
    }
  });

  it("leaves a file of two kinds of line end as the diff has it", async () => {
    const mixed = new Map([["m.rs", "a\r\nb\nc\r\n"]]);
    const applied = await tool.apply(mixed, diff("m.rs", "@@ -1,3 +1,3 @@\n a\r\n-b\n+B\n c\r\n"));
    expect(applied).toEqual({ ok: true, changes: new Map([["m.rs", "a\r\nB\nc\r\n"]]) });
  });

  const TWICE = "pub fn add(a: i64, b: i64) -> i64 {\n    a - b\n}\n\npub fn sub(a: i64, b: i64) -> i64 {\n    a - b\n}\n";
  it.each([
    ["without context", "@@ -2 +2 @@\n-    a - b\n+    a + b\n"],
    ["without context behind", "@@ -1,2 +1,2 @@\n pub fn add(a: i64, b: i64) -> i64 {\n-    a - b\n+    a + b\n"],
    ["without context before", "@@ -2,2 +2,2 @@\n-    a - b\n+    a + b\n }\n"],
    [
      "without context, in two hunks",
      "@@ -1 +1 @@\n-pub fn add(a: i64, b: i64) -> i64 {\n+pub fn add(a: i64, b: i64) -> i64 {\n@@ -2 +2 @@\n-    a - b\n+    a + b\n",
    ],
    ["without context and with wrong counts", "@@ -1,9 +1,7 @@\n pub fn add(a: i64, b: i64) -> i64 {\n-    a - b\n+    a + b\n"],
  ])("takes a hunk %s, at its line", async (_name, hunk) => {
    const applied = await tool.apply(new Map([["lib.rs", TWICE]]), diff("lib.rs", hunk));
    expect(applied).toEqual({ ok: true, changes: new Map([["lib.rs", TWICE.replace("a - b", "a + b")]]) });
  });

  it("adds lines where a hunk without context says so", async () => {
    const applied = await tool.apply(new Map([["lib.rs", TWICE]]), diff("lib.rs", "@@ -3,0 +4,2 @@\n+\n+pub fn one() {}\n"));
    expect(applied).toEqual({ ok: true, changes: new Map([["lib.rs", TWICE.replace("}\n", "}\n\npub fn one() {}\n")]]) });
  });

  it("refuses them for runs without a named reading, and mixes line ends there", async () => {
    const narrow = (laid: ReadonlyMap<string, string>, text: string) => diffTool.apply(laid, text, "narrow");
    expect(await narrow(new Map([["lib.rs", TWICE]]), diff("lib.rs", "@@ -2 +2 @@\n-    a - b\n+    a + b\n"))).toMatchObject({ ok: false });
    const loose = await narrow(files, diff("src/crlf.rs", "@@ -1,3 +1,3 @@\n fn c() -> u32 {\n-    3\n+    30\n }\n"));
    expect(loose).toEqual({ ok: true, changes: new Map([["src/crlf.rs", "fn c() -> u32 {\r\n    30\n}\r\n"]]) });
  });

  it("makes a new file", async () => {
    const text = "--- /dev/null\n+++ b/src/deep/er/new.rs\n@@ -0,0 +1,2 @@\n+fn n() {}\n+// end\n";
    expect(await tool.apply(files, text)).toEqual({ ok: true, changes: new Map([["src/deep/er/new.rs", "fn n() {}\n// end\n"]]) });
  });

  it("deletes a file", async () => {
    const text = "--- a/src/bare.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-fn d() {}\n\\ No newline at end of file\n";
    expect(await tool.apply(files, text)).toEqual({ ok: true, changes: new Map([["src/bare.rs", null]]) });
  });

  it("tells a rename as a deletion and a new file, so that both paths are checked", async () => {
    const text = "diff --git a/src/a.rs b/src/z.rs\nsimilarity index 100%\nrename from src/a.rs\nrename to src/z.rs\n";
    expect(await tool.apply(files, text)).toEqual({
      ok: true,
      changes: new Map([
        ["src/z.rs", files.get("src/a.rs")],
        ["src/a.rs", null],
      ]),
    });
  });

  it("shows what is written below target/ or node_modules/, and deletes nothing there", async () => {
    for (const path of ["target/debug/x.rs", "node_modules/x/y.rs"]) {
      const applied = await tool.apply(files, `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`);
      expect(applied).toEqual({ ok: true, changes: new Map([[path, "x\n"]]) });
    }
  });

  it("changes two files or none", async () => {
    const second = diff("src/crlf.rs", "@@ -1,3 +1,3 @@\n fn nothing like it {\n-    x\n+    y\n }\n");
    expect(await tool.apply(files, diff("src/a.rs", HUNK) + second)).toMatchObject({ ok: false });
  });
});

describe("diffs of bytes", () => {
  it("are refused because of the bytes, not because git can't read them", async () => {
    const text = binaryPatch("src/text.rs", Buffer.from("abcd"));
    expect(await tool.apply(files, text)).toEqual({ ok: true, changes: new Map([["src/text.rs", "abcd"]]) });
  });
});

describe("diffs that are refused", () => {
  const link = (target: string, name = "src/link") =>
    `diff --git a/${name} b/${name}\nnew file mode 120000\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+${target}\n\\ No newline at end of file\n`;
  const made = (path: string) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`;
  const binary = binaryPatch("src/bin.rs", Buffer.of(0xff, 0xfe, 0, 1));

  const HOSTILE: readonly [string, string][] = [
    ["a symbolic link", link("/etc/passwd")],
    ["a link and a file behind it", link("/tmp", "src/out") + made("src/out/escaped.rs")],
    ["a path that climbs out", made("../escaped.rs")],
    ["a path that climbs out further in", made("src/../../escaped.rs")],
    ["a path in .git", made(".git/hooks/pre-commit")],
    ["a file under a file", made("src/a.rs/x.rs")],
    ["a file that is there already, as new", made("src/a.rs")],
    ["a file that is not there", diff("src/none.rs", HUNK)],
    ["text that is not in the file", diff("src/a.rs", HUNK.replace("-    1", "-    7"))],
    ["nothing", ""],
    ["no diff", "Change the 1 to a 10, please.\n"],
    ["a header without a hunk", diff("src/a.rs", "")],
    ["a binary file", binary],
    ["a change of mode", "diff --git a/src/a.rs b/src/a.rs\nold mode 100644\nnew mode 100755\n"],
    [
      "a submodule",
      "diff --git a/sub b/sub\nnew file mode 160000\nindex 0000000..1111111\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit 1111111111111111111111111111111111111111\n",
    ],
  ];

  for (const [name, text] of HOSTILE) {
    it(`refuses ${name}, with words for the model and nothing of this machine in them`, async () => {
      const applied = await tool.apply(files, text);
      expect(applied.ok ? applied.changes : "refused").toBe("refused");
      expect(applied.ok ? "" : applied.detail).not.toBe("");
      expect(applied.ok ? "" : applied.detail).not.toContain(tmpdir());
    });
  }

  it("refuses an absolute path, which runs without a named reading kept inside", async () => {
    const absolute = "--- /dev/null\n+++ /etc/bakeoff-escaped\n@@ -0,0 +1 @@\n+x\n";
    expect(await tool.apply(files, absolute)).toMatchObject({ ok: false, detail: expect.stringContaining("/etc/bakeoff-escaped") });
    expect(await diffTool.apply(files, absolute, "narrow")).toEqual({ ok: true, changes: new Map([["etc/bakeoff-escaped", "x\n"]]) });
  });

  it("leaves nothing outside and no folder behind", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("bakeoff-diff-"));
    for (const [, text] of HOSTILE) await tool.apply(files, text);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith("bakeoff-diff-") && !before.includes(name))).toEqual([]);
    expect(await readdir(tmpdir())).not.toContain("escaped.rs");
    expect(await readdir("/etc")).not.toContain("bakeoff-escaped");
  });

  it("leaves the files it was given as they were", async () => {
    const before = new Map(files);
    await tool.apply(files, diff("src/a.rs", HUNK));
    expect(files).toEqual(before);
  });

  it("throws the signal's reason when it is aborted", async () => {
    const reason = new Error("stopped");
    await expect(gitDiffTool(AbortSignal.abort(reason)).apply(files, diff("src/a.rs", HUNK), "tolerant")).rejects.toBe(reason);
  });

  it("blames a missing git on the machine, not on the model", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      await expect(tool.apply(files, diff("src/a.rs", HUNK))).rejects.toMatchObject({ code: "environment" });
    } finally {
      process.env["PATH"] = path;
    }
  });
});
