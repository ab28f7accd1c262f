// The search of a workspace finds lines in artefacts, compressed files, and git objects that nothing refers to any more.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { searchFolder } from "../../src/adapters/workbench/cargo/workspace-search.ts";

const { signal } = new AbortController();
const LINE = "width.saturating_mul(height)";
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bakeoff-search-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const git = (...args: string[]): string => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "-C", folder, ...args], { encoding: "utf8" });

async function hits(sources: readonly string[] = []): Promise<string[]> {
  const tree = new Map(sources.map((path) => [path, ""]));
  const base = { name: "main", tree, digest: "", hidden: [], protected: [] };
  const found: string[] = [];
  for await (const { where, kind, found: lines } of searchFolder(folder, { base }, [LINE, "never written"], signal))
    found.push(`${kind} ${where} ${lines.length}`);
  return found;
}

it("finds a line in an artefact, in a gzip and in a file that the base does not name, and passes sources by", async () => {
  await mkdir(join(folder, "target/debug"), { recursive: true });
  await writeFile(join(folder, "target/debug/lib.rmeta"), Buffer.concat([Buffer.from([0, 1, 0xff]), Buffer.from(LINE), Buffer.from([0])]));
  await writeFile(join(folder, "target/debug/notes.gz"), gzipSync(`a\n${LINE}\n`));
  await writeFile(join(folder, "lib.rs.orig"), LINE);
  await writeFile(join(folder, "lib.rs"), LINE);
  await writeFile(join(folder, "other"), "x\u009c nothing");
  expect(await hits(["lib.rs"])).toEqual(["file lib.rs.orig 1", "artefact target/debug/lib.rmeta 1", "artefact target/debug/notes.gz 1"]);
});

it("finds a line in an unreachable git object, loose or packed, of a store by any name", async () => {
  git("init", "-q");
  await writeFile(join(folder, "a.rs"), `${LINE}\n`);
  git("add", "a.rs");
  git("commit", "-qm", "solved");
  await writeFile(join(folder, "a.rs"), "broken\n");
  git("add", "a.rs");
  git("commit", "-q", "--amend", "-m", "broken");
  git("reflog", "expire", "--expire=now", "--all");
  expect((await hits()).filter((hit) => hit.startsWith("git-object"))).toEqual(["git-object .git 1"]);
  const objects = git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)");
  execFileSync("git", ["-C", folder, "pack-objects", "-q", ".git/objects/pack/pack"], { input: objects });
  git("prune-packed", "-q");
  expect(await hits()).toEqual(["git-object .git 1"]);
  execFileSync("mv", [join(folder, ".git"), join(folder, "store")]);
  expect(await hits()).toEqual(["git-object store 1"]);
});
