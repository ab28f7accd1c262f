// Histories of every odd kind, read from real repositories that are never written to.
import { mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openHistory } from "../../src/adapters/git/history.ts";
import { BakeoffError } from "../../src/core/base/errors.ts";
import type { CommitTree, History, HistoryCommit } from "../../src/ports/repository.ts";
import { scratch } from "../setup/scratch.ts";
import { folderDigest, git, layHistory } from "../history/git-history.ts";

const never = new AbortController().signal;

/** Opens, reads, closes, and checks that not a byte, mode or time of the repository has changed. */
async function reading<T>(folder: string, work: (history: History) => Promise<T>): Promise<T> {
  const before = await folderDigest(folder);
  const history = await openHistory(folder, never);
  try {
    return await work(history);
  } finally {
    await history.close();
    expect(await folderDigest(folder)).toBe(before);
  }
}

async function allCommits(history: History, since: string | null = null): Promise<HistoryCommit[]> {
  const commits: HistoryCommit[] = [];
  for await (const commit of history.commits(since, never)) commits.push(commit);
  return commits;
}

async function headTree(history: History): Promise<Extract<CommitTree, { ok: true }>> {
  const id = await history.resolve("HEAD", never);
  const read = await history.tree(id ?? "", never);
  if (!read.ok) throw new Error(read.why);
  return read;
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing",
    (error: unknown) => (error instanceof BakeoffError ? error.code : String(error)),
  );

const LIB = { message: "one", files: { "Cargo.toml": '[package]\nname = "a"\n', "src/lib.rs": "pub fn one() {}\n" } };

describe("an ordinary history", () => {
  it("gives commits newest first, with their messages, parents and changed files", async () => {
    const folder = await scratch();
    const ids = await layHistory(folder, [LIB, { message: "two\n\nbody: \u00e9", files: { "src/lib.rs": "pub fn two() {}\n", "src/\u00fc [x].rs": "" } }]);
    const commits = await reading(folder, (history) => allCommits(history));
    expect(commits.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(commits[0]?.parents).toEqual([ids[0]]);
    expect(commits[0]?.message.trim()).toBe("two\n\nbody: \u00e9");
    expect(commits[0]?.changed.map(({ path, before }) => [path, before === null])).toEqual([
      ["src/lib.rs", false],
      ["src/\u00fc [x].rs", true],
    ]);
  });

  it("stops at a revision, and refuses one that is not there or looks like a flag", async () => {
    const folder = await scratch();
    const ids = await layHistory(folder, [LIB, { message: "two", files: { a: "2" } }, { message: "three", files: { a: "3" } }]);
    await reading(folder, async (history) => {
      expect((await allCommits(history, ids[0] ?? "")).map(({ message }) => message.trim())).toEqual(["three", "two"]);
      expect(await codeOf(allCommits(history, "v9"))).toBe("usage");
      expect(await codeOf(allCommits(history, "--output=/tmp/x"))).toBe("usage");
    });
  });

  it("reads a folder inside of a repository as a tree of its own", async () => {
    const folder = await scratch();
    await layHistory(folder, [{ message: "one", files: { "rust/Cargo.toml": "[package]\n", "rust/src/lib.rs": "", "other/x": "" } }]);
    const history = await openHistory(join(folder, "rust"), never);
    expect([...(await headTree(history)).tree.keys()]).toEqual(["Cargo.toml", "src/lib.rs"]);
    expect((await allCommits(history))[0]?.changed.map(({ path }) => path)).toEqual(["Cargo.toml", "src/lib.rs"]);
    await history.close();
  });

  it("reads a bare repository", async () => {
    const folder = await scratch();
    await layHistory(join(folder, "a"), [LIB]);
    git(folder, ["clone", "-q", "--bare", "a", "bare.git"]);
    const tree = await reading(join(folder, "bare.git"), headTree);
    expect([...tree.tree.keys()]).toEqual(["Cargo.toml", "src/lib.rs"]);
  });
});

describe("what is no usable repository", () => {
  it("is refused by name: no folder, no repository, no commit", async () => {
    const folder = await scratch();
    expect(await codeOf(openHistory(join(folder, "nothing"), never))).toBe("usage");
    expect(await codeOf(openHistory(folder, never))).toBe("usage");
    git(folder, ["init", "-q"]);
    await reading(folder, async (history) => expect(await codeOf(allCommits(history))).toBe("usage"));
  });
});

describe("odd histories", () => {
  it("a shallow clone is read as far as it goes, and says so", async () => {
    const folder = await scratch();
    const ids = await layHistory(join(folder, "a"), [LIB, { message: "two", files: { x: "2" } }, { message: "three", files: { x: "3" } }]);
    git(folder, ["clone", "-q", "--depth", "2", `file://${join(folder, "a")}`, "b"]);
    await reading(join(folder, "b"), async (history) => {
      expect(history.notes.join()).toMatch(/shallow/);
      expect((await allCommits(history)).map(({ id }) => id)).toEqual([ids[2]]);
    });
  });

  it("uncommitted changes are told and not read", async () => {
    const folder = await scratch();
    await layHistory(folder, [LIB]);
    await writeFile(join(folder, "src/lib.rs"), "pub fn mine() {}\n");
    await reading(folder, async (history) => {
      expect(history.notes).toEqual([expect.stringMatching(/1 file differs/)]);
      expect((await headTree(history)).tree.get("src/lib.rs")).toBe("pub fn one() {}\n");
    });
  });

  it("merges have two parents, and the changes that they brought to the first", async () => {
    const folder = await scratch();
    await layHistory(folder, [LIB]);
    git(folder, ["checkout", "-q", "-b", "side"]);
    await writeFile(join(folder, "b"), "b");
    git(folder, ["add", "b"]);
    git(folder, ["commit", "-q", "-m", "side"], 1_700_000_100);
    git(folder, ["checkout", "-q", "main"]);
    git(folder, ["merge", "-q", "--no-ff", "-m", "merge", "side"], 1_700_000_200);
    const [commits, branch] = await reading(folder, async (history) => {
      const all = await allCommits(history);
      return [all, await history.branch(all[0]?.id ?? "", new AbortController().signal)] as const;
    });
    expect(commits.map(({ parents, changed }) => [parents.length, changed.map(({ path }) => path)])).toEqual([
      [2, ["b"]],
      [1, ["b"]],
      [0, ["Cargo.toml", "src/lib.rs"]],
    ]);
    expect(branch.map(({ id, message }) => [id, message.trim()])).toEqual([[commits[1]?.id, "side"]]);
  });

  it("submodules, links out of the tree, LFS pointers and odd names are left out, each with its reason", async () => {
    const folder = await scratch();
    await layHistory(folder, [
      { ...LIB, files: { ...LIB.files, "big.bin": `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 9\n` } },
    ]);
    await symlink("/etc/passwd", join(folder, "out"));
    await symlink("../..", join(folder, "up"));
    await symlink("src/lib.rs", join(folder, "in.rs"));
    await symlink("b-loop", join(folder, "a-loop"));
    await symlink("a-loop", join(folder, "b-loop"));
    await writeFile(Buffer.from(`${folder}/caf\xe9.rs`, "latin1"), "");
    await writeFile(join(folder, "back\\slash"), "");
    await mkdir(join(folder, "target"));
    await writeFile(join(folder, "target", "x"), "");
    git(folder, ["add", "-A"]);
    git(folder, ["update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`]);
    git(folder, ["commit", "-q", "-m", "odd"]);
    await reading(folder, async (history) => {
      const { tree, leftOut } = await headTree(history);
      expect([...tree.keys()]).toEqual(["Cargo.toml", "in.rs", "src/lib.rs"]);
      expect(tree.get("in.rs")).toBe("pub fn one() {}\n");
      expect(leftOut.map(({ path }) => path).toSorted()).toEqual([
        "a-loop",
        "b-loop",
        "back\\\\slash",
        "big.bin",
        "caf\u00e9.rs",
        "out",
        "sub",
        "target/x",
        "up",
      ]);
      const [commit] = await allCommits(history);
      expect(commit?.changed.filter(({ path }) => path === null)).toHaveLength(2);
    });
  });

  it("a repository's own configuration starts no program", async () => {
    const folder = await scratch();
    await layHistory(folder, [{ ...LIB, files: { ...LIB.files, ".gitattributes": "* filter=evil diff=evil\n" } }]);
    const proof = join(await scratch(), "sprung");
    const trap = `touch ${proof}`;
    for (const name of [
      "core.fsmonitor",
      "filter.evil.clean",
      "filter.evil.process",
      "diff.evil.textconv",
      "diff.evil.command",
      "diff.external",
      "core.pager",
      "gpg.program",
      "core.sshCommand",
    ]) {
      git(folder, ["config", name, trap]);
    }
    git(folder, ["config", "log.showSignature", "true"]);
    git(folder, ["config", "filter.evil.required", "true"]);
    await writeFile(join(folder, "src/lib.rs"), "pub fn eno() {}\n");
    await reading(folder, async (history) => {
      await allCommits(history);
      await headTree(history);
    });
    await expect(stat(proof)).rejects.toThrow(/ENOENT/);
    // The traps are live: git itself walks into them, and fails over what it finds there.
    expect(() => git(folder, ["status"])).toThrow();
    expect((await stat(proof)).isFile()).toBe(true);
  });
});

describe("an end before the end", () => {
  it.each(["by an abort", "by a break"])(
    "%s: nothing is waited for, and the reason is told",
    async (how) => {
      const folder = await scratch();
      await layHistory(folder, [LIB, { message: "two", files: { x: "2" } }, { message: "three", files: { x: "3" } }]);
      for (const pauseMs of [0, 300]) {
        const stop = new AbortController();
        const history = await openHistory(folder, stop.signal);
        const work = async (): Promise<void> => {
          for await (const { id } of history.commits(null, stop.signal)) {
            await new Promise((resolve) => setTimeout(resolve, pauseMs));
            if (how === "by a break") break;
            stop.abort(new BakeoffError("interrupted", "interrupted"));
            await history.tree(id, stop.signal);
          }
        };
        expect(await codeOf(work())).toBe(how === "by a break" ? "nothing" : "interrupted");
        await history.close();
      }
    },
    20_000,
  );

  it("a blob asked for after an abort says so", async () => {
    const folder = await scratch();
    await layHistory(folder, [LIB]);
    const stop = new AbortController();
    const history = await openHistory(folder, stop.signal);
    const [commit] = await allCommits(history);
    stop.abort(new BakeoffError("interrupted", "interrupted"));
    expect(await codeOf(history.text(commit?.changed[0]?.after ?? ""))).toBe("interrupted");
    await history.close();
  }, 20_000);
});

describe("a long history", () => {
  it("of 50,000 commits streams by in seconds, and a reader that has enough may stop", async () => {
    const folder = await scratch();
    git(folder, ["init", "-q"]);
    const parts: string[] = [];
    for (let count = 1; count <= 50_000; count++) {
      const [text, message] = [`pub fn f() -> u32 { ${count} }\n`, `commit ${count}`];
      parts.push(`blob\nmark :${count * 2 - 1}\ndata ${text.length}\n${text}\n`);
      parts.push(`commit refs/heads/main\nmark :${count * 2}\ncommitter A <a@b.c> ${1_600_000_000 + count} +0000\ndata ${message.length}\n${message}\n`);
      parts.push(`${count > 1 ? `from :${count * 2 - 2}\n` : ""}M 100644 :${count * 2 - 1} src/f${count % 50}.rs\n\n`);
    }
    git(folder, ["fast-import", "--quiet"], undefined, parts.join(""));
    const history = await openHistory(folder, never);
    const before = process.memoryUsage().heapUsed;
    let seen = 0;
    const start = performance.now();
    for await (const commit of history.commits(null, never)) seen += commit.changed.length;
    const seconds = (performance.now() - start) / 1000;
    expect(seen).toBe(50_000);
    expect(seconds).toBeLessThan(30);
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(150);
    let few = 0;
    for await (const commit of history.commits(null, never)) if (++few === 3 && commit.id !== "") break;
    expect(few).toBe(3);
    await history.close();
  });
});
