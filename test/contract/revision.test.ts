// A file as git has it at a revision: what somebody who may push a tag, or write into a checkout, can't choose.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAtRevision } from "../../src/adapters/git/revision.ts";
import { scratch } from "../setup/scratch.ts";

const { signal } = new AbortController();

/** The default branch says "theirs"; another commit, that nobody merged, says "own". */
async function repository() {
  const folder = join(await scratch(), "repository");
  mkdirSync(folder);
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  const commit = (text: string): string => {
    writeFileSync(join(folder, "policy.toml"), text);
    git("add", "policy.toml");
    git("commit", "--quiet", "--message", text);
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet");
  const theirs = commit("theirs");
  git("update-ref", "refs/remotes/origin/main", theirs);
  return { git, theirs, own: commit("own"), read: (revision: string) => readAtRevision(folder, revision, "policy.toml", signal) };
}

describe("a file at a revision", () => {
  it("is that of the branch that is meant", async () => {
    const { read } = await repository();
    for (const name of ["origin/main", "refs/remotes/origin/main"]) expect(await read(name)).toEqual({ ok: true, text: "theirs" });
  });

  it.each(["refs/tags/origin/main", "refs/heads/origin/main"])("is not that of %s, which git would take before it", async (other) => {
    const { git, own, read } = await repository();
    git("update-ref", other, own);
    git("config", "core.warnAmbiguousRefs", "false");
    expect(await read("origin/main")).toEqual({ ok: false, reason: expect.stringContaining("name it in full") as string });
    expect(await read("refs/remotes/origin/main")).toEqual({ ok: true, text: "theirs" });
  });

  it("is not one that was put in its place", async () => {
    const { git, theirs, own, read } = await repository();
    git("replace", theirs, own);
    expect(await read("origin/main")).toEqual({ ok: true, text: "theirs" });
  });
});
