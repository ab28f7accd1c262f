// The copy of a user's repository: what it takes, what it leaves out with a reason, and that it never writes to the repository.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openRepositories } from "../../src/adapters/repository/copy.ts";
import { includedFiles } from "../../src/adapters/repository/included-files.ts";
import { lockFileMaker } from "../../src/adapters/workbench/lock-file.ts";
import { findToolchain } from "../../src/adapters/workbench/cargo/toolchain.ts";

const { signal } = new AbortController();
const toolchain = await findToolchain("/", signal);
const repositories = openRepositories(toolchain);
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bakeoff-repository-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MANIFEST = '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2018"\n';

async function lay(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

const git = (...args: string[]): string => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "-C", folder, ...args], { encoding: "utf8" });

function commitAll(): void {
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "all");
}

/** Path, mode and content of everything, `.git` included. */
async function contentDigest(root: string): Promise<string> {
  const hash = createHash("sha256");
  const walk = async (at: string): Promise<void> => {
    for (const name of (await readdir(at)).toSorted()) {
      const path = join(at, name);
      const info = await lstat(path);
      hash.update(`${path} ${info.mode} ${info.mtimeMs}\n`);
      if (info.isDirectory()) await walk(path);
      else hash.update(info.isSymbolicLink() ? await readlink(path) : await readFile(path));
    }
  };
  await walk(root);
  return hash.digest("hex");
}

const copy = (allowDirty = false, include: readonly string[] = []) => repositories.copy(folder, { allowDirty, include }, signal);
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code ?? String(error),
  );

describe("copying a repository", () => {
  it("takes tracked files, knows the commit, makes the lock file, and touches nothing", async () => {
    await lay({
      "Cargo.toml": MANIFEST,
      "src/lib.rs": "",
      ".gitignore": "Cargo.lock\nsecret\n",
      secret: "x",
      "target/a": "x",
      "src/bin.dat": Buffer.from([0xff, 0xfe]),
    });
    commitAll();
    const before = [await contentDigest(folder), await repositories.digest(folder)];
    const copied = await copy();
    expect([await contentDigest(folder), await repositories.digest(folder)]).toEqual(before);
    expect([...copied.tree.keys()]).toEqual([".gitignore", "Cargo.lock", "Cargo.toml", "src/bin.dat", "src/lib.rs"]);
    expect(copied.commit).toBe(git("rev-parse", "HEAD").trim());
    expect(copied.workspace).toEqual({
      dependencies: "none",
      byDefault: null,
      packages: [{ name: "small", edition: "2018", dir: "", roots: [{ target: "lib", path: "src/lib.rs" }] }],
    });
  });

  it("takes a plain folder as it is, without what was built in it", async () => {
    await lay({ "Cargo.toml": MANIFEST, "src/main.rs": "fn main() {}", "target/debug/x": "" });
    const copied = await copy();
    expect([...copied.tree.keys()]).toEqual(["Cargo.lock", "Cargo.toml", "src/main.rs"]);
    expect(copied.commit).toBeNull();
  });

  it("takes a folder of sources that is called target, and names packages that lie outside", async () => {
    await lay({ "Cargo.toml": MANIFEST, "src/main.rs": "mod target;\nfn main() {}", "src/target/mod.rs": "" });
    expect([...(await copy()).tree.keys()]).toEqual(["Cargo.lock", "Cargo.toml", "src/main.rs", "src/target/mod.rs"]);
    await lay({ "Cargo.toml": `${MANIFEST}\n[dependencies]\nshared = { path = "../shared" }\n` });
    await expect(copy()).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("shared lies in ../shared") as string });
  });

  it("takes files that git ignores where they are asked for, and names a glob that matches none", async () => {
    const files = { "Cargo.toml": MANIFEST, "src/lib.rs": "", ".gitignore": "data/\nCargo.lock\n", "data/a/table.bin": "1", "data/notes.md": "2" };
    await lay({ ...files, "target/data/x": "" });
    commitAll();
    const copied = await copy(false, ["data/**/*.bin"]);
    expect([copied.dirty, [...copied.tree.keys()]]).toEqual([false, [".gitignore", "Cargo.lock", "Cargo.toml", "data/a/table.bin", "src/lib.rs"]]);
    await expect(copy(false, ["data/**", "target/data/*"])).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("--include target/data/* matches no file") as string,
    });
    expect(await includedFiles(folder, ["data/*"])).toEqual({ tree: new Map([["data/notes.md", "2"]]), leftOut: [] });
  });

  it("knows the members that the manifest builds by default, where it says so", async () => {
    const member = (name: string): Record<string, string> => ({
      [`crates/${name}/Cargo.toml`]: MANIFEST.replace("small", name),
      [`crates/${name}/src/lib.rs`]: "",
    });
    await lay({ "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\ndefault-members = ["crates/b*"]\nresolver = "2"\n', ...member("a"), ...member("b") });
    const { workspace, tree } = await copy();
    expect([workspace.packages.map(({ name }) => name), workspace.byDefault]).toEqual([["a", "b"], ["b"]]);
    const resolved = await lockFileMaker(toolchain)(tree, signal);
    expect(resolved).toMatchObject({
      ok: true,
      byDefault: ["b"],
      members: [
        { name: "a", dir: "crates/a" },
        { name: "b", dir: "crates/b" },
      ],
    });
    // A package at the root makes the others none: cargo builds it alone by default, and nobody has said so.
    await lay({ "Cargo.toml": `${MANIFEST}\n[workspace]\nmembers = ["crates/*"]\n`, "src/lib.rs": "" });
    expect((await copy()).workspace.byDefault).toBeNull();
  });

  it("refuses uncommitted changes, or takes them along when told to", async () => {
    await lay({ "Cargo.toml": MANIFEST, "src/lib.rs": "" });
    commitAll();
    await lay({ "src/lib.rs": "// changed" });
    expect(await code(copy())).toBe("usage");
    expect((await copy(true)).tree.get("src/lib.rs")).toBe("// changed");
    expect((await copy(true)).dirty).toBe(true);
  });

  it("is the same by a path that is relative, as users write it", async () => {
    await lay({ "Cargo.toml": MANIFEST, "src/lib.rs": "", ".gitignore": "secret\nCargo.lock\n", secret: "x" });
    commitAll();
    const here = process.cwd();
    process.chdir(dirname(folder));
    onTestFinished(() => process.chdir(here));
    const near = basename(folder);
    const copied = await repositories.copy(near, { allowDirty: false, include: [] }, signal);
    expect([copied.commit, [...copied.tree.keys()]]).toEqual([git("rev-parse", "HEAD").trim(), [".gitignore", "Cargo.lock", "Cargo.toml", "src/lib.rs"]]);
    await lay({ "src/lib.rs": "// changed" });
    expect(await code(repositories.copy(near, { allowDirty: false, include: [] }, signal))).toBe("usage");
  });

  it("never counts a home of ours: not as sources, not as a dirty tree, not as a change meanwhile", async () => {
    await lay({
      "Cargo.toml": MANIFEST,
      "src/lib.rs": "",
      "bakeoff/policy/model_policy.toml": "",
      "bakeoff/suites/s/solution.rs": "",
      "x/bakeoff/policy/lib.rs": "",
    });
    commitAll();
    const before = await repositories.digest(folder);
    await lay({ "bakeoff/policy/model_policy.toml": "# changed", "bakeoff/capsules/new": "" });
    const copied = await copy();
    expect([copied.dirty, [...copied.tree.keys()]]).toEqual([false, ["Cargo.lock", "Cargo.toml", "src/lib.rs", "x/bakeoff/policy/lib.rs"]]);
    expect(await repositories.digest(folder)).toBe(before);
    await lay({ "x/bakeoff/policy/lib.rs": "// changed" });
    expect(await code(copy())).toBe("usage");
  });

  it("takes no git that fails for a clean state", async () => {
    await lay({ "Cargo.toml": MANIFEST, "src/lib.rs": "" });
    commitAll();
    await lay({ "src/lib.rs": "// changed", ".git/config": "[core]\n\trepositoryformatversion = 0\n[status]\n\tshowUntrackedFiles = nonsense\n" });
    expect(await code(copy())).toBe("environment");
  });

  it("leaves out what can't be part of a base, each with its reason", async () => {
    await lay({
      "Cargo.toml": MANIFEST,
      "src/lib.rs": "",
      "a/real.txt": "real",
      "big.bin": Buffer.alloc(6_000_000),
      "lfs.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    });
    await symlink("/etc/hostname", join(folder, "outside"));
    await symlink("a/real.txt", join(folder, "inside"));
    await symlink("nowhere", join(folder, "broken"));
    await symlink("a", join(folder, "folder"));
    await writeFile(Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.from([0xff])]), "x");
    commitAll();
    const copied = await copy();
    expect(copied.tree.get("inside")).toBe("real");
    expect(copied.skipped.map(({ path, reason }) => [path.replace(/[^\w.-]/g, "?"), reason]).toSorted()).toEqual([
      ["bad-?", "its name is not UTF-8"],
      ["big.bin", "larger than 5 MB"],
      ["broken", "a link to nothing"],
      ["folder", "a link to a folder: a base holds plain files"],
      ["lfs.bin", "a Git LFS pointer: its content is not here"],
      ["outside", "a link out of the repository"],
    ]);
  });

  it("leaves a submodule out", async () => {
    await lay({ "Cargo.toml": MANIFEST, "src/lib.rs": "" });
    commitAll();
    git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},deps/other`);
    git("commit", "-qm", "submodule");
    await mkdir(join(folder, "deps/other"), { recursive: true });
    expect((await copy(true)).skipped).toEqual([{ path: "deps/other", reason: "a submodule: its files belong to another repository" }]);
  });

  it("refuses what is no repository of Rust with a way out", async () => {
    expect(await code(copy())).toBe("usage");
    expect(await code(repositories.copy(join(folder, "gone"), { allowDirty: false, include: [] }, signal))).toBe("usage");
    git("init", "-q", "--bare");
    expect(await code(copy())).toBe("usage");
  });

  it("says what cargo can't read, and where", async () => {
    await lay({ "Cargo.toml": "[package]\nname = 1\n", "src/lib.rs": "" });
    expect(await code(copy())).toMatch(/written-file|environment/);
    await lay({ "Cargo.toml": `${MANIFEST}[dependencies]\nother = { path = "../other" }\n` });
    expect(await code(copy())).toBe("usage");
  });

  it("runs nothing that the repository's git configuration names", async () => {
    await lay({ "Cargo.toml": MANIFEST, "src/lib.rs": "" });
    commitAll();
    git("config", "core.fsmonitor", `touch ${folder}/ran; false`);
    const before = await contentDigest(folder);
    await copy(true);
    expect(await contentDigest(folder)).toBe(before);
  });
});
