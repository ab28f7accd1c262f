// Where dependencies come from: each way in which a repository may name them, resolved, vendored and built by real cargo without a network.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runProcess } from "../../src/adapters/sandbox/process.ts";
import { buildTests, cargoEnv, type CargoFlags, readMetadata } from "../../src/adapters/workbench/cargo/cargo.ts";
import { lockFileMaker } from "../../src/adapters/workbench/lock-file.ts";
import { findToolchain } from "../../src/adapters/workbench/cargo/toolchain.ts";
import { vendorInto } from "../../src/adapters/workbench/vendor.ts";
import { cargoConfig } from "../../src/core/suite/cargo-config.ts";
import { baseDigest } from "../../src/core/suite/suite.ts";
import type { Tree } from "../../src/core/text/edit.ts";
import { git, layHistory } from "../history/git-history.ts";
import { scratch } from "../setup/scratch.ts";

const { signal } = new AbortController();
const toolchain = await findToolchain("/", signal);
type Files = Readonly<Record<string, string>>;

const crate = (name: string, value: number, more = ""): Files => ({
  "Cargo.toml": `[package]\nname = "${name}"\nversion = "1.2.0"\nedition = "2021"\n${more}`,
  "src/lib.rs": `pub fn value() -> u32 {\n    ${value}\n}\n`,
});
const below = (folder: string, files: Files): Files => Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
/** A repository whose test asks a dependency for its value. */
const user = (dependencies: string, expected: number, more: Files = {}): Files => ({
  "Cargo.toml": `[package]\nname = "user"\nversion = "0.1.0"\nedition = "2021"\n\n${dependencies}`,
  "src/lib.rs": `#[test]\nfn asks() {\n    assert_eq!(dep::value(), ${expected});\n}\n`,
  ...more,
});

let work: string;
let remote: string;
let index: string;

async function lay(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

beforeAll(async () => {
  work = await scratch();
  // A workspace, so that what is vendored of it must stand without it.
  const workspace = '[workspace]\nmembers = ["dep", "part"]\nresolver = "2"\n\n[workspace.package]\nedition = "2021"\n';
  const inherited = (name: string): string => `[package]\nname = "${name}"\nversion = "1.2.0"\nedition.workspace = true\n`;
  const asked = { "Cargo.toml": workspace, "part/Cargo.toml": inherited("part"), "part/src/lib.rs": "pub const VALUE: u32 = 7;\n" };
  const dep = {
    "dep/Cargo.toml": `${inherited("dep")}\n[dependencies]\npart = { path = "../part" }\n`,
    "dep/src/lib.rs": "pub fn value() -> u32 {\n    part::VALUE\n}\n",
  };
  await layHistory(join(work, "source"), [
    { message: "Begin", files: { ...asked, ...dep } },
    { message: "Eight", files: { "part/src/lib.rs": "pub const VALUE: u32 = 8;\n" } },
  ]);
  git(join(work, "source"), ["tag", "v7", "HEAD~"]);
  git(join(work, "source"), ["branch", "feature/x+y"]);
  git(work, ["clone", "-q", "--bare", "source", "remote.git"]);
  remote = `file://${join(work, "remote.git")}`;
  index = await registryOf("dep", 5);
});

/** A registry of one crate: a git repository for an index, and its archives beside it. */
async function registryOf(name: string, value: number): Promise<string> {
  const folder = join(work, "archives", `${name}-1.2.0`);
  await lay(folder, crate(name, value));
  execFileSync("tar", ["-C", join(work, "archives"), "-czf", join(work, "archives", `${name}.crate`), `${name}-1.2.0`]);
  const cksum = createHash("sha256")
    .update(await readFile(join(work, "archives", `${name}.crate`)))
    .digest("hex");
  const entry = { name, vers: "1.2.0", deps: [], cksum, features: {}, yanked: false };
  const files = { "config.json": JSON.stringify({ dl: `file://${work}/archives/{crate}.crate` }), [`3/d/${name}`]: `${JSON.stringify(entry)}\n` };
  await layHistory(join(work, "index"), [{ message: "Index", files }]);
  return `file://${join(work, "index")}`;
}

/** Resolves, vendors and builds as the workbench does, without a wall; the test's own binary tells. */
async function built(
  name: string,
  files: Files,
  packages: readonly string[] = [],
): Promise<{ readonly vendored: boolean; readonly stderr: string; readonly code: number | null }> {
  const folder = join(work, "repositories", name);
  const bare: Tree = new Map(Object.entries(files));
  const resolved = await lockFileMaker(toolchain)(bare, signal);
  if (!resolved.ok) throw new Error(resolved.detail);
  const tree: Tree = new Map([...bare, ["Cargo.lock", resolved.lock]]);
  await lay(folder, Object.fromEntries([...tree].map(([path, text]) => [path, String(text)])));
  const base = { name, tree, digest: baseDigest(tree, {}), hidden: [], protected: [] };
  const vendor = await vendorInto(join(work, "cache", name), toolchain)(base, folder, signal);
  const flags: CargoFlags = {
    forbidUnsafe: true,
    vendored: vendor !== null,
    jobs: 2,
    warn: [],
    features: [],
    packages,
    members: resolved.members,
    config: cargoConfig(tree, { root: folder, host: toolchain.host }),
    root: folder,
    rust: toolchain.sysroot,
    home: join(work, "home", name),
    vendor: vendor ?? "",
  };
  const run = (argv: readonly string[]) => {
    const [program = "", ...rest] = argv;
    return runProcess({ command: [program, ...rest], env: cargoEnv(flags), cwd: "/", timeoutMs: 100_000, signal });
  };
  expect((await run(readMetadata(flags))).code).toBe(0);
  const { code, stderr } = await run(buildTests(flags).filter((word) => word !== "--no-run" && word !== "--message-format=json"));
  return { vendored: vendor !== null, code, stderr: code === 0 ? "" : stderr };
}

const VENDORED = { vendored: true, code: 0, stderr: "" };
const IN_THE_TREE = { vendored: false, code: 0, stderr: "" };

describe("a dependency", () => {
  it.each([
    ["by its default branch", "", 8],
    ["by a tag", ', tag = "v7"', 7],
    ["by a branch whose name an address must quote", ', branch = "feature/x+y"', 8],
  ])("on a git repository %s", async (name, more, value) =>
    expect(await built(name.replaceAll(" ", "-"), user(`[dependencies]\ndep = { git = "${remote}"${more} }\n`, value))).toEqual(VENDORED),
  );

  it("on a git repository by its revision", async () => {
    const rev = git(join(work, "source"), ["rev-parse", "v7"]).trim();
    expect(await built("revision", user(`[dependencies]\ndep = { git = "${remote}", rev = "${rev.slice(0, 10)}" }\n`, 7))).toEqual(VENDORED);
  });

  it("of another registry, which the repository's own configuration names", async () => {
    const config = { ".cargo/config.toml": `[registries.corp]\nindex = "${index}"\n` };
    expect(await built("registry", user('[dependencies]\ndep = { version = "1", registry = "corp" }\n', 5, config))).toEqual(VENDORED);
  });

  it("of a registry in the place of crates.io", async () => {
    const config = { ".cargo/config.toml": `[source.crates-io]\nreplace-with = "mirror"\n[source.mirror]\nregistry = "${index}"\n` };
    expect(await built("mirror", user('[dependencies]\ndep = "1"\n', 5, config))).toEqual(VENDORED);
  });

  it("of a folder that the repository holds in the place of crates.io", async () => {
    const config = { ".cargo/config.toml": '[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "third-party"\n' };
    const files = below("third-party/dep", { ...crate("dep", 3), ".cargo-checksum.json": '{"files":{},"package":null}' });
    expect(await built("folder", user('[dependencies]\ndep = "1"\n', 3, { ...config, ...files }))).toEqual(VENDORED);
  });

  it("on a path, of a package that is no member", async () => {
    const dependency = '[workspace]\nexclude = ["other"]\n\n[dependencies]\ndep = { path = "other" }\n';
    expect(await built("path", user(dependency, 4, below("other", crate("dep", 4))))).toEqual(IN_THE_TREE);
  });

  it("of a registry and patched by the manifest, by a path or a git repository", async () => {
    const patched = (by: string) => `[dependencies]\ndep = "1"\n\n[patch.crates-io]\ndep = { ${by} }\n`;
    expect(await built("patch-path", user(patched('path = "fork"'), 9, below("fork", crate("dep", 9))))).toEqual(IN_THE_TREE);
    expect(await built("patch-git", user(patched(`git = "${remote}", tag = "v7"`), 7))).toEqual(VENDORED);
  });

  it("patched by the configuration, in a git repository's place too", async () => {
    const patch = (registry: string) => ({ ".cargo/config.toml": `[patch.${registry}]\ndep = { path = "fork" }\n`, ...below("fork", crate("dep", 9)) });
    expect(await built("config-patch", user('[dependencies]\ndep = "1"\n', 9, patch("crates-io")))).toEqual(IN_THE_TREE);
    expect(await built("config-patch-git", user(`[dependencies]\ndep = { git = "${remote}" }\n`, 9, patch(JSON.stringify(remote))))).toEqual(IN_THE_TREE);
  });

  it("of another registry that has the name of a member, where both members are chosen", async () => {
    const { "Cargo.toml": manifest = "", ...sources } = user('[dependencies]\ndep = { version = "1.2", registry = "corp" }\n', 5);
    const files = {
      "Cargo.toml": '[workspace]\nmembers = ["user", "dep"]\nresolver = "2"\n',
      ".cargo/config.toml": `[registries.corp]\nindex = "${index}"\n`,
      ...below("user", { "Cargo.toml": manifest, ...sources }),
      ...below("dep", { ...crate("dep", 4), "Cargo.toml": '[package]\nname = "dep"\nversion = "9.0.0"\nedition = "2021"\n' }),
    };
    expect(await built("namesakes", files, ["user", "dep"])).toEqual(VENDORED);
  });

  it("patched where nothing uses the patch, whose package another dependency brings", async () => {
    const files = user(`[dependencies]\ndep = { git = "${remote}" }\n\n[patch.crates-io]\npart = { git = "${remote}", tag = "v7" }\n`, 8);
    expect(await built("unused-patch", files)).toEqual(VENDORED);
  });

  it("patched where nothing uses the patch, whose package nothing else brings", async () => {
    const config = { ".cargo/config.toml": `[registries.corp]\nindex = "${index}"\n` };
    const files = user(`[dependencies]\ndep = { version = "1", registry = "corp" }\n\n[patch.crates-io]\npart = { git = "${remote}" }\n`, 5, config);
    expect(await built("unused-patch-alone", files)).toEqual(VENDORED);
  });

  it("of two sources under one name and version can't be vendored by cargo, which says so", async () => {
    const config = { ".cargo/config.toml": `[registries.corp]\nindex = "${index}"\n` };
    const files = user(`[dependencies]\ndep = { version = "1", registry = "corp" }\nother = { package = "dep", git = "${remote}" }\n`, 5, config);
    await expect(built("twins", files)).rejects.toMatchObject({
      code: "environment",
      message: expect.stringContaining("found duplicate version of package `dep v1.2.0` vendored from two sources") as string,
    });
  });
});
